"""What the settings name is used, not started; what they do not name is started, and its address told to the rest."""

from pathlib import Path

import pytest
from livekit.agents import llm
from tests.support.settings import complete_settings, settings_from

from insta_voice.agent.minds import build_parts
from insta_voice.auth.safety import refuse_unsafe_installation
from insta_voice.stack.demo_content import DemoContent
from insta_voice.stack.installation import Installation, plan_installation
from insta_voice.stack.ports import Ports

OURS = ["api", "jobs", "worker"]
SPEECH = {"VOICE_SPEECH_URL": "http://127.0.0.1:18000"}


def plan(data_dir: Path, **variables: str | None) -> Installation:
    settings = complete_settings(INSTA_ENV="development", **{**SPEECH, **variables})
    return plan_installation(settings, data_dir, Ports(data_dir / "ports.json"))


def names(installation: Installation) -> list[str]:
    return sorted(part.name for part in installation.parts)


def test_with_everything_named_only_our_own_parts_are_started(tmp_path: Path) -> None:
    installation = plan(tmp_path)
    assert names(installation) == OURS
    assert installation.addresses.demo_users == ()
    assert installation.addresses.speech_url == SPEECH["VOICE_SPEECH_URL"]
    assert installation.loaded is None


@pytest.mark.parametrize(
    ("unset", "part", "told"),
    [
        ("LIVEKIT_URL", "livekit", "LIVEKIT_URL"),
        ("FIREBASE_PROJECT_ID", "auth", "FIREBASE_AUTH_EMULATOR_HOST"),
        ("VOICE_SPEECH_URL", "speech", "VOICE_SPEECH_URL"),
    ],
)
def test_what_is_not_named_is_started_and_told(tmp_path: Path, unset: str, part: str, told: str) -> None:
    installation = plan(tmp_path, **{unset: None})
    assert names(installation) == sorted([*OURS, part])
    assert "127.0.0.1:" in installation.env[told]


async def test_one_line_with_a_key_of_openai_is_enough(tmp_path: Path) -> None:
    """The mode follows from it; everything else is started here or has a default."""
    key = {"OPENAI_API_KEY": "sk-test"}
    settings = settings_from(key)
    refuse_unsafe_installation(settings)
    installation = plan_installation(settings, tmp_path, Ports(tmp_path / "ports.json"))
    assert names(installation) == sorted([*OURS, "auth", "livekit", "postgres", "speech"])
    worker = settings_from({**installation.env, **key})
    assert worker.voice_mode == "realtime"
    call = build_parts(worker)
    assert isinstance(call.mind, llm.RealtimeModel)
    assert call.stand_ins == (call.grounded,)
    await call.aclose()


EMBEDDED = {"DATABASE_URL": None, "FIREBASE_PROJECT_ID": None, "COMPANY_NAME": None, "SUPPORT_CONTACT": None}


def test_the_demo_lives_in_the_embedded_default(tmp_path: Path) -> None:
    whole = plan(tmp_path, **EMBEDDED)
    assert whole.demo == DemoContent(people=True, articles=True)
    assert {"customer", "support", "admin"} == {user.role for user in whole.addresses.demo_users}
    assert whole.env["DEMO_CONTENT"] == "true"


@pytest.mark.parametrize(
    "own",
    [
        {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"},
        {"FIREBASE_PROJECT_ID": "acme-support"},
        {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"},
        {"DEMO_CONTENT": "false"},
    ],
)
def test_nothing_of_the_demo_comes_near_what_is_the_companys_own(tmp_path: Path, own: dict[str, str]) -> None:
    installation = plan(tmp_path, **{**EMBEDDED, **own})
    assert installation.demo == DemoContent(people=False, articles=False)
    assert installation.addresses.demo_users == ()
    assert installation.env["DEMO_CONTENT"] == "false"


def test_another_companys_name_comes_without_the_demos_articles(tmp_path: Path) -> None:
    named = plan(tmp_path, **{**EMBEDDED, "COMPANY_NAME": "Acme", "SUPPORT_CONTACT": "help@acme.example"})
    assert named.demo == DemoContent(people=True, articles=False)
