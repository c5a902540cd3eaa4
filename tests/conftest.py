"""Fixtures every test can ask for. They live in tests/support, one file for each part they start."""

from tests.support.api import api, start_api
from tests.support.auth_emulator import auth_emulator
from tests.support.firebase import certificate_server, signing_key, verifier
from tests.support.network import loopback_only
from tests.support.postgres import database, database_url, databases, db, postgres, template
from tests.support.speech import own_speech_server, speech_client, speech_server
from tests.support.supabase import supabase

__all__ = [
    "api",
    "auth_emulator",
    "certificate_server",
    "database",
    "database_url",
    "databases",
    "db",
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
