"""Applies `supabase/migrations` and writes down what it did where `supabase db push` looks for it.

Each file runs in a transaction with its record; one whose first line is `-- no-transaction` holds a single
statement that must run outside one, such as CREATE INDEX CONCURRENTLY. Files that were applied are not looked at again.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow, dict_row

from insta_voice.db.database import describe
from insta_voice.db.queries import Queries
from insta_voice.errors import ConfigurationError, DBDriverError

_QUERIES = Queries.load("insta_voice.db", "migrations.sql")
APPLIED = _QUERIES["applied"]
_FILE = re.compile(r"^(?P<version>\d{14})_(?P<name>[a-z0-9_]+)\.sql$")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file; `version` is its timestamp, as Supabase names them."""

    version: str
    name: str
    sql: LiteralString  # a file of ours

    @property
    def in_transaction(self) -> bool:
        """False for a file that says `-- no-transaction` in its first line."""
        return not self.sql.startswith("-- no-transaction")


def migrations_directory() -> Path:
    """`supabase/migrations` of the checkout, or what an installed package carries of it."""
    here = Path(__file__).resolve()
    for candidate in (here.parents[3] / "supabase" / "migrations", here.parents[1] / "migrations"):
        if candidate.is_dir():
            return candidate
    raise ConfigurationError("The migrations are not here: run insta-voice from its checkout.")


def read_migrations(directory: Path | None = None) -> list[Migration]:
    """Every migration, oldest first."""
    found = []
    for path in sorted((directory or migrations_directory()).glob("*.sql")):
        match = _FILE.match(path.name)
        if match is None:
            raise ConfigurationError(f"{path.name} is not named <14 digits>_<name>.sql")
        found.append(Migration(match["version"], match["name"], path.read_text("utf-8")))
    return found


async def applied_versions(url: str) -> list[str]:
    """What the database says was applied, oldest first; empty for a new one. Any login of ours may ask."""
    try:
        async with await _connect(url) as connection, connection.transaction():
            if await (await connection.execute(_QUERIES["has_roles"])).fetchone() is None:
                return []
            await connection.execute(_QUERIES["become_service"])
            return await _applied(connection)
    except psycopg.Error as error:
        raise DBDriverError(detail=describe(error)) from error


async def migrate(url: str, directory: Path | None = None, *, only: frozenset[str] | None = None) -> list[str]:
    """Apply what is missing, in order, and return the names of what was applied now; `only` these versions, if given.

    `url` belongs to the owner of the schema. Two starts at once wait for each other.
    """
    wanted = [one for one in read_migrations(directory) if only is None or one.version in only]
    try:
        async with await _connect(url) as guard, guard.transaction(), await _connect(url) as connection:
            await guard.execute(_QUERIES["lock"])
            return await _apply(connection, wanted)
    except psycopg.Error as error:
        # What a migration stumbles over is our own schema, so here the server's sentence may be said.
        said = error.diag.message_primary or describe(error)
        raise DBDriverError(f"The database could not be migrated: {said}", detail=describe(error)) from error


async def _apply(connection: psycopg.AsyncConnection[DictRow], wanted: list[Migration]) -> list[str]:
    await connection.execute(_QUERIES["prepare"])
    done = set(await _applied(connection))
    applied_now = []
    for migration in wanted:
        if migration.version in done:
            continue
        record = {"version": migration.version, "name": migration.name, "statements": [migration.sql]}
        if migration.in_transaction:
            async with connection.transaction():
                await connection.execute(_QUERIES["use_path"])
                await connection.execute(migration.sql)
                await connection.execute(_QUERIES["record"], record)
        else:
            await connection.execute(migration.sql)
            await connection.execute(_QUERIES["record"], record)
        applied_now.append(f"{migration.version}_{migration.name}")
    return applied_now


async def _applied(connection: psycopg.AsyncConnection[DictRow]) -> list[str]:
    rows = await (await connection.execute(_QUERIES["applied"])).fetchall()
    return [row["version"] for row in rows]


async def _connect(url: str) -> psycopg.AsyncConnection[DictRow]:
    return await psycopg.AsyncConnection.connect(
        url, autocommit=True, prepare_threshold=None, row_factory=dict_row, connect_timeout=10
    )
