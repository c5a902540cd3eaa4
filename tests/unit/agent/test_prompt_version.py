"""The record tells calls apart by what their mind was told: whatever of that changes, its version does."""

import shutil
from pathlib import Path

import pytest
from livekit.agents import function_tool
from tests.support.settings import complete_settings

from insta_voice import agent
from insta_voice.agent.prompt_version import prompt_version
from insta_voice.agent.tools import TOOLS, get_user_account_info
from insta_voice.languages import ENGLISH, GERMAN, LANGUAGES

AGENT = Path(agent.__path__[0])
PROMPTS = sorted(file.relative_to(AGENT).as_posix() for file in AGENT.rglob("*.md"))
SETTINGS = complete_settings()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A copy of every authored file, to be changed."""
    copy = tmp_path / "agent"
    for name in PROMPTS:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(AGENT / name, copy / name)
    return copy


def test_the_same_prompts_have_one_short_version_wherever_they_are_installed(elsewhere: Path) -> None:
    version = prompt_version(SETTINGS)
    assert len(version) == 12
    assert int(version, 16) > 0
    assert prompt_version(SETTINGS, where=elsewhere) == version


def test_the_instructions_and_both_minds_sentences_are_in_it() -> None:
    assert {"prompts/instructions.md", "prompts/sentences/de.md", "responder/sentences.md"} <= set(PROMPTS)


@pytest.mark.parametrize("name", PROMPTS)
def test_one_changed_word_is_another_version(elsewhere: Path, name: str) -> None:
    file = elsewhere / name
    language = LANGUAGES.get(file.stem, ENGLISH)
    file.write_text(file.read_text("utf-8").replace("e ", "o ", 1), "utf-8")
    changed = prompt_version(SETTINGS, language, where=elsewhere)
    file.unlink()
    whole, without = prompt_version(SETTINGS, language), prompt_version(SETTINGS, language, where=elsewhere)
    assert len({whole, changed, without}) == 3


def test_what_only_callers_in_another_language_hear_is_not_in_it(elsewhere: Path) -> None:
    (elsewhere / "prompts/sentences/de.md").unlink()
    assert prompt_version(SETTINGS, where=elsewhere) == prompt_version(SETTINGS)


def test_a_tool_that_is_described_otherwise_is_another_version() -> None:
    @function_tool(name=get_user_account_info.info.name)
    async def described_otherwise() -> None:
        """The caller's bank account."""

    others = [tool for tool in TOOLS if tool is not get_user_account_info]
    assert prompt_version(SETTINGS, tools=[described_otherwise, *others]) != prompt_version(SETTINGS)


@pytest.mark.parametrize(
    "change",
    [
        {"COMPANY_NAME": "Bolt"},
        {"SUPPORT_CONTACT": "hello@acme.example"},
        {"WELCOME_MESSAGE": "Welcome to Acme."},
        {"RETENTION_DAYS": "7"},
    ],
)
def test_what_is_filled_in_is_part_of_it(change: dict[str, str]) -> None:
    assert prompt_version(complete_settings(**change)) != prompt_version(SETTINGS)


def test_who_decides_turns_is_part_of_it_where_a_model_is_told_so() -> None:
    def version(mode: str, decides: str) -> str:
        return prompt_version(
            complete_settings(VOICE_MODE=mode, OPENAI_API_KEY="sk-test", OPENAI_REALTIME_TURN_DETECTION=decides)
        )

    assert version("realtime", "ours") != version("realtime", "server_vad")
    assert version("pipeline", "ours") == version("pipeline", "server_vad")


def test_a_call_in_another_language_has_another_version() -> None:
    versions = {prompt_version(SETTINGS, language) for language in LANGUAGES.values()}
    assert len(versions) == len(LANGUAGES)
    own = complete_settings(LANGUAGES="en,de", WELCOME_MESSAGE_DE="Willkommen bei Acme.")
    assert prompt_version(own, GERMAN) not in versions
    assert prompt_version(own) in versions, "nobody hears it in English"


def test_what_nobody_is_told_is_not() -> None:
    assert prompt_version(complete_settings(OPENAI_API_KEY="sk-other", VOICE_MAX_CALLS="9")) == prompt_version(SETTINGS)
