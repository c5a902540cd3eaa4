"""Fixtures every test can ask for. They live in tests/support, one file for each part they start."""

from tests.support.postgres import database, database_url, db, postgres, template

__all__ = ["database", "database_url", "db", "postgres", "template"]
