"""`insta-voice db restore`: a backup into an empty database, in one transaction, checked byte for byte.

The migrations the backup knew are applied, its rows are loaded, read again and compared, and then the migrations that
came later are applied to them, as they would have been to the database it was made from.
"""

import asyncio
import hashlib
from pathlib import Path

import psycopg

from insta_voice.db.archive import BackupReader, Manifest, TableContent, open_backup
from insta_voice.db.backup import CONNECT, TableText
from insta_voice.db.database import describe
from insta_voice.db.migrations import applied_versions, migrate, read_migrations
from insta_voice.db.tables import QUERIES, SyncConnection, Table, read_tables
from insta_voice.errors import ConfigurationError, DBDriverError, InvalidInputError

# What migrations put into an empty database; the tests restore into one, and so notice a further table.
SEEDED = frozenset({"public.knowledge_statistics", "public.knowledge_indexes"})


async def restore_database(url: str, file: Path) -> Manifest:
    """Restore `file` into the empty database at the owner's `url`, or leave its rows as they were.

    InvalidInputError when the file is damaged or from a later version; ConfigurationError when the database is not
    empty, or was migrated further than the backup.
    """
    manifest = await asyncio.to_thread(_check, file)
    known = {migration.version for migration in read_migrations()}
    if later := set(manifest.schema) - known:
        raise InvalidInputError(
            f"The backup was made by a later version of insta-voice: {max(later)} is not known here. Use that one."
        )
    if further := set(await applied_versions(url)) - set(manifest.schema):
        raise ConfigurationError(
            f"This database was migrated further than the backup ({max(further)}). Name a new one that nobody has "
            "migrated: its schema is brought to the backup's, and forward again when the rows are in it."
        )
    await migrate(url, only=frozenset(manifest.schema))
    await asyncio.to_thread(_load, url, file)
    await migrate(url)
    return manifest


def _check(file: Path) -> Manifest:
    with open_backup(file) as backup:
        backup.check()
        return backup.manifest


def _load(url: str, file: Path) -> None:
    try:
        with psycopg.connect(url, **CONNECT) as connection, open_backup(file) as backup:
            connection.execute(QUERIES["plain_text"])
            tables = read_tables(connection)
            contents = {content.name: content for content in backup.manifest.tables}
            _require_the_same(tables, contents)
            _require_empty(connection, tables)
            for table in tables:
                _fill(connection, table, contents[str(table)], backup)
            for counter in backup.manifest.counters:
                schema, name = counter.table.split(".")
                if counter.last is not None:
                    which = {"schema": schema, "name": name, "column": counter.column, "last": counter.last}
                    connection.execute(QUERIES["set_counter"], which)
            connection.commit()
            for table in tables:  # the planner knows nothing of what it has not seen
                connection.execute(table.statement("analyze_table"))
    except psycopg.Error as error:
        raise DBDriverError(
            "The backup could not be restored; the database's rows are as they were. Look whether it is there, then "
            "try again.",
            detail=describe(error),
        ) from error


def _require_the_same(tables: list[Table], contents: dict[str, TableContent]) -> None:
    found = {str(table): table.columns for table in tables}
    if found != {name: content.columns for name, content in contents.items()}:
        raise InvalidInputError(
            "The backup's tables are not those of the migrations it names. Restore it with the version that made it."
        )


def _require_empty(connection: SyncConnection, tables: list[Table]) -> None:
    for table in tables:
        connection.execute(table.statement("lock_table"))
    for table in tables:
        row = connection.execute(table.statement("has_rows")).fetchone()
        if row and row["filled"] and str(table) not in SEEDED:
            raise ConfigurationError(
                f"This database is not empty: {table} has rows. A backup is restored into a new database; name one in "
                "DATABASE_URL, or in INSTA_DATA_DIR for the embedded one, and stop the parts that use it."
            )


def _fill(connection: SyncConnection, table: Table, content: TableContent, backup: BackupReader) -> None:
    for trigger in table.triggers:
        connection.execute(table.statement("disable_trigger", trigger=trigger))
    if str(table) in SEEDED:
        connection.execute(table.statement("empty_table"))
    with connection.cursor() as cursor, cursor.copy(table.statement("copy_in")) as copy:
        for piece in backup.pieces(content):
            copy.write(piece)
    for trigger in table.triggers:
        connection.execute(table.statement("enable_trigger", trigger=trigger))
    text, digest = TableText(connection, table), hashlib.sha256()
    for part in text:
        digest.update(part)
    if (text.rows, digest.hexdigest()) != (content.rows, content.sha256):
        raise DBDriverError(f"{table} did not come back as it was saved. Nothing was restored; report this.")
