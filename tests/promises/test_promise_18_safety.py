"""Promise 18: an unsafe configuration does not start, and says why in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.settings import COMPLETE, complete_settings

from insta_voice.api.app import create_app
from insta_voice.auth.safety import refuse_unsafe, unsafe_reasons
from insta_voice.errors import ConfigurationError

UNSAFE: dict[str, tuple[dict[str, str | None], str]] = {
    "an emulator": ({"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}, "FIREBASE_AUTH_EMULATOR_HOST is set"),
    "a demo project": ({"FIREBASE_PROJECT_ID": "demo-insta-voice"}, "FIREBASE_PROJECT_ID begins with demo-"),
    "devkey": ({"LIVEKIT_API_KEY": "devkey"}, "well-known development one"),
    "secret": ({"LIVEKIT_API_SECRET": "secret"}, "well-known development one"),
    "a short secret": ({"LIVEKIT_API_SECRET": "x" * 31}, "shorter than 32 characters"),
    "any origin": ({"INSTA_ALLOWED_ORIGINS": "*"}, "INSTA_ALLOWED_ORIGINS holds *"),
    "any sub-origin": ({"INSTA_ALLOWED_ORIGINS": "https://*.example.com"}, "INSTA_ALLOWED_ORIGINS holds *"),
    "an open origin": ({"INSTA_ALLOWED_ORIGINS": "http://example.com"}, "without encryption"),
    "no origin": ({"INSTA_ALLOWED_ORIGINS": "example.com"}, "which is no origin"),
    "an origin with a path": ({"INSTA_ALLOWED_ORIGINS": "https://example.com/app"}, "which is no origin"),
    "any proxy": ({"INSTA_TRUSTED_PROXIES": "0.0.0.0/0"}, "trusts every address"),
    "a proxy without address": ({"INSTA_TRUSTED_PROXIES": "*"}, "INSTA_TRUSTED_PROXIES holds '*'"),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
    "no call server": ({"LIVEKIT_URL": None}, "LIVEKIT_URL is not set"),
    "no key": ({"LIVEKIT_API_KEY": None}, "LIVEKIT_API_KEY is not set"),
    "no webhook key": ({"LIVEKIT_API_SECRET": None}, "no webhook checked"),
    "no project": ({"FIREBASE_PROJECT_ID": None}, "FIREBASE_PROJECT_ID is not set"),
    "no web key": ({"FIREBASE_WEB_API_KEY": None}, "FIREBASE_WEB_API_KEY is not set"),
    "unsigned tickets": ({"TICKET_WEBHOOK_URL": "https://example.com/t"}, "TICKET_WEBHOOK_SECRET is not set"),
}


def test_complete_production_settings_start() -> None:
    refuse_unsafe(complete_settings())
    refuse_unsafe(
        complete_settings(INSTA_ALLOWED_ORIGINS="https://help.example.com", INSTA_TRUSTED_PROXIES="10.0.0.0/8,::1")
    )


@pytest.mark.parametrize(("change", "sentence"), UNSAFE.values(), ids=UNSAFE.keys())
def test_each_unsafe_setting_is_refused_with_its_sentence(change: dict[str, str | None], sentence: str) -> None:
    settings = complete_settings(**change)
    reasons = list(unsafe_reasons(settings))
    assert len(reasons) == 1
    assert sentence in reasons[0]
    with pytest.raises(ConfigurationError, match=r"\.$") as caught:
        create_app(settings)
    assert caught.value.message == reasons[0]


def test_development_allows_what_one_machine_needs() -> None:
    refuse_unsafe(
        complete_settings(
            INSTA_ENV="development",
            FIREBASE_AUTH_EMULATOR_HOST="127.0.0.1:9099",
            FIREBASE_PROJECT_ID="demo-insta-voice",
            FIREBASE_WEB_API_KEY=None,
            LIVEKIT_API_KEY="devkey",
            LIVEKIT_API_SECRET="secret",
            INSTA_ALLOWED_ORIGINS="http://localhost:5173",
        )
    )


def test_no_reason_repeats_a_secret() -> None:
    settings = complete_settings(LIVEKIT_API_SECRET="hunter2-hunter2")
    assert "hunter2" not in " ".join(unsafe_reasons(settings))


@pytest.mark.parametrize("part", ["api", "worker", "jobs"])
def test_the_command_ends_with_the_sentence(part: str, tmp_path: Path) -> None:
    environment = {**COMPLETE, "PATH": os.environ["PATH"], "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}
    command = Path(sys.executable).with_name("insta-voice")
    ended = subprocess.run([command, part], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "FIREBASE_AUTH_EMULATOR_HOST is set in production" in ended.stderr
    assert "Traceback" not in ended.stderr
