"""`insta-voice db backup`: every row of ours in one file, as it was at one moment, while calls go on.

Rows only: tables, policies, functions and roles are the migrations', which a restore applies first. So one file
restores into the embedded Postgres, Supabase and any other, whoever owns it, and needs no pg_dump of the right version.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from insta_voice.db.archive import Counter, Manifest, Piece, TableContent, write_backup
from insta_voice.db.database import describe
from insta_voice.db.migrations import APPLIED
from insta_voice.db.tables import QUERIES, SyncConnection, Table, read_tables
from insta_voice.errors import ConfigurationError, DBDriverError

CONNECT: dict[str, Any] = {"row_factory": dict_row, "prepare_threshold": None, "connect_timeout": 10}


def backup_database(url: str, file: Path) -> Manifest:
    """Write a backup to `file`, which must not exist, and say what it holds. Blocks; `url` is the owner's address."""
    try:
        with psycopg.connect(url, **CONNECT) as connection, write_backup(file) as backup:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # one moment for all tables
            connection.read_only = True
            connection.execute(QUERIES["plain_text"])
            tables = read_tables(connection)
            if not tables:
                raise ConfigurationError("This database holds nothing of ours. Check DATABASE_URL.")
            contents = []
            for table in tables:
                text = TableText(connection, table)
                digest = backup.table(str(table), text)
                contents.append(TableContent(str(table), table.columns, text.rows, digest))
            manifest = Manifest(
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                schema=tuple(row["version"] for row in connection.execute(APPLIED).fetchall()),
                tables=tuple(contents),
                counters=read_counters(connection, tables),
            )
            backup.manifest(manifest)
            return manifest
    except psycopg.Error as error:
        raise DBDriverError(
            "The database could not be backed up. Look whether it is there, then try again.", detail=describe(error)
        ) from error


class TableText:
    """A table's text in pieces; `rows` is known when they have been read."""

    def __init__(self, connection: SyncConnection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self.rows = -1

    def __iter__(self) -> Iterator[Piece]:
        with self._connection.cursor() as cursor:
            with cursor.copy(self._table.statement("copy_out")) as copy:
                yield from copy
            self.rows = cursor.rowcount


def read_counters(connection: SyncConnection, tables: list[Table]) -> tuple[Counter, ...]:
    """The numbered columns of `tables`. Read after the rows: a counter is never behind them."""
    names = [str(table) for table in tables]
    rows = connection.execute(QUERIES["counters"], {"tables": names}).fetchall()
    return tuple(Counter(row["table"], row["column"], row["last"]) for row in rows)
