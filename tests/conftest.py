"""Fixtures every test can ask for. They live in tests/support, one file for each part they start."""

import pytest
from tests.support.api import api, start_api
from tests.support.auth_emulator import auth_emulator
from tests.support.calls import call_center
from tests.support.firebase import certificate_server, signing_key, verifier
from tests.support.livekit_server import livekit_server
from tests.support.network import loopback_only
from tests.support.panics import survive_panics, tell_panics
from tests.support.postgres import database, database_url, databases, db, postgres, template
from tests.support.speech import own_speech_server, speech_client, speech_server
from tests.support.supabase import supabase

__all__ = [
    "api",
    "auth_emulator",
    "call_center",
    "certificate_server",
    "database",
    "database_url",
    "databases",
    "db",
    "livekit_server",
    "loopback_only",
    "own_speech_server",
    "postgres",
    "signing_key",
    "speech_client",
    "speech_server",
    "start_api",
    "supabase",
    "template",
    "verifier",
]

# What they start computes speech: a test run has one of them at a time (scripts/run_tests/phases.py).
SPEECH = {"call_center", "own_speech_server", "speech_server"}

survive_panics()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and SPEECH.intersection(item.fixturenames):
            item.add_marker(pytest.mark.speech)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tell_panics(terminalreporter)
