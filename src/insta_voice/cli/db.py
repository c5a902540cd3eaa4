"""`insta-voice db`: prepare the database, say in which state it is, save it and bring it back."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, help="Prepare the database, save it and bring it back.", no_args_is_help=True)


@app.command()
def migrate() -> None:
    """Apply the migrations that are missing. Safe to run at any time, and by several at once.

    DATABASE_URL must belong to the owner of the schema; on Supabase that is `postgres`.

    Example: insta-voice db migrate
    """
    from insta_voice.db.migrations import migrate as apply
    from insta_voice.settings import get_settings
    from insta_voice.stack.embedded import database_address

    async def main() -> list[str]:
        async with database_address(get_settings()) as url:
            missing = await _missing(url)
            return await apply(url) if missing else []

    applied = asyncio.run(main())
    for name in applied:
        print(f"applied {name}")
    if not applied:
        print("nothing to apply")


@app.command()
def status() -> None:
    """List the migrations, applied or missing. Fails when one is missing.

    Example: insta-voice db status
    """
    from insta_voice.db.migrations import read_migrations
    from insta_voice.settings import get_settings
    from insta_voice.stack.embedded import database_address

    async def main() -> set[str]:
        async with database_address(get_settings()) as url:
            return await _missing(url)

    missing = asyncio.run(main())
    for migration in read_migrations():
        state = "missing" if migration.version in missing else "applied"
        print(f"{state}  {migration.version}_{migration.name}")
    if missing:
        sys.exit(1)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="a new file; only its owner may read it")]) -> None:
    """Write every row to a file, as it is at one moment. Calls go on meanwhile.

    The file holds what callers said, unencrypted. DATABASE_URL must belong to the owner of the schema.

    Example: insta-voice db backup monday.zip
    """
    from insta_voice.db.backup import backup_database
    from insta_voice.settings import get_settings
    from insta_voice.stack.embedded import database_address

    async def main() -> None:
        async with database_address(get_settings()) as url:
            manifest = await asyncio.to_thread(backup_database, url, file)
        print(f"{file}: {manifest.rows} rows of {len(manifest.tables)} tables, {file.stat().st_size:,} bytes")

    asyncio.run(main())


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="what `insta-voice db backup` wrote")]) -> None:
    """Bring a backup into an empty database, and migrate it to this version. Nothing else may use it meanwhile.

    Every row is read again and compared with the file; one that differs undoes it all.

    Example: DATABASE_URL=postgresql://… insta-voice db restore monday.zip
    """
    from insta_voice.db.restore import restore_database
    from insta_voice.settings import get_settings
    from insta_voice.stack.embedded import database_address

    async def main() -> None:
        async with database_address(get_settings(), migrated=False) as url:
            manifest = await restore_database(url, file)
        print(f"restored {manifest.rows} rows of {len(manifest.tables)} tables, saved {manifest.made_at}")

    asyncio.run(main())


async def _missing(url: str) -> set[str]:
    from insta_voice.db.migrations import applied_versions, read_migrations

    applied = set(await applied_versions(url))
    return {migration.version for migration in read_migrations()} - applied
