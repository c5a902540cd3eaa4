"""The database that conversations are held on: beside the installation's own, so that nobody's calls, customers or
tickets are among them, and gone afterwards.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from insta_voice.db import Queries
from insta_voice.db.database import describe
from insta_voice.db.migrations import migrate
from insta_voice.errors import ConfigurationError, DBDriverError

NAME = "insta_voice_evals"
_QUERIES = Queries.load("insta_voice.evals", "evals.sql")


@asynccontextmanager
async def scratch_database(url: str) -> AsyncIterator[str]:
    """The address of a new database on the server of `url`, migrated, for as long as the block lasts.

    ConfigurationError when another run has it, or `url` may not create one; DBDriverError.
    """
    try:
        connection = await psycopg.AsyncConnection.connect(
            url, autocommit=True, row_factory=dict_row, connect_timeout=10
        )
    except psycopg.Error as error:
        raise DBDriverError(detail=describe(error)) from error
    async with connection:
        await _lock(connection)
        await _create(connection)
        try:
            address = make_conninfo(url, dbname=NAME)
            await migrate(address)
            yield address
        finally:
            await connection.execute(_QUERIES["drop_database"])


async def _lock(connection: psycopg.AsyncConnection[dict[str, object]]) -> None:
    try:
        async with connection.transaction():
            await connection.execute(_QUERIES["wait_no_longer"])
            await connection.execute(_QUERIES["lock"])
    except psycopg.errors.LockNotAvailable as error:
        raise ConfigurationError(
            "Another `insta-voice eval` runs on this database server. Wait for it to end."
        ) from error


async def _create(connection: psycopg.AsyncConnection[dict[str, object]]) -> None:
    try:
        await connection.execute(_QUERIES["drop_database"])
        await connection.execute(_QUERIES["create_database"])
    except psycopg.errors.InsufficientPrivilege as error:
        raise ConfigurationError(
            "Conversations are held on a database of their own, and the login of DATABASE_URL may not create one. "
            "Name one that may, or leave DATABASE_URL empty to use the embedded Postgres."
        ) from error
    except psycopg.Error as error:
        raise DBDriverError(detail=describe(error)) from error
