"""Fixtures every test can ask for. They live in tests/support, one file for each part they start."""

from tests.support.firebase import certificate_server, signing_key
from tests.support.postgres import database, database_url, db, postgres, template

__all__ = ["certificate_server", "database", "database_url", "db", "postgres", "signing_key", "template"]
