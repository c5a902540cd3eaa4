"""Settings for tests: from the variables given and nothing else, neither this machine's environment nor a `.env`."""

import contextlib
import os
import tempfile
from unittest import mock

from insta_voice.settings import Settings

# What an installation needs to start, with keys that would do in production.
COMPLETE = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
    "LIVEKIT_URL": "ws://127.0.0.1:9",
    "LIVEKIT_API_KEY": "APItestkey",
    "LIVEKIT_API_SECRET": "test-secret-of-forty-eight-characters-0123456789",
    "FIREBASE_PROJECT_ID": "insta-voice-test",
    "FIREBASE_WEB_API_KEY": "public-web-key",
    "INSTA_ENV": "production",
    # Most tests are about people who may call; those about who may not say SIGNUP=None or a rule.
    "SIGNUP": "open",
    "SIGNUP_STRANGERS_MAY_CALL": "true",
    "COMPANY_NAME": "Acme",
    "SUPPORT_CONTACT": "help@acme.example",
}


# Each call begins with a greeting, and nobody has to like how it sounds. What the caller says has its usual pace.
BRISK_VOICE = {"VOICE_LOCAL_SPEED": "1.8"}
# For calls about something else than their greeting: what has to be said, in half the time.
QUICKLY_GREETED = {"WELCOME_MESSAGE": "$notice"}


def settings_from(variables: dict[str, str]) -> Settings:
    """The tree that an environment of exactly these variables gives."""
    with (
        mock.patch.dict(os.environ, variables, clear=True),
        tempfile.TemporaryDirectory() as empty,
        contextlib.chdir(empty),
    ):
        return Settings()


def complete_settings(**changes: str | None) -> Settings:
    """Complete production settings with some variables changed, or left out when None."""
    merged = {**COMPLETE, **changes}
    return settings_from({name: value for name, value in merged.items() if value is not None})
