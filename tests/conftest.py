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

survive_panics()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tell_panics(terminalreporter)
