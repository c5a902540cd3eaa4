"""`insta-voice db`: prepare the database and say in which state it is."""

import asyncio
import sys

import typer

app = typer.Typer(add_completion=False, help="Prepare the database.", no_args_is_help=True)


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


async def _missing(url: str) -> set[str]:
    from insta_voice.db.migrations import applied_versions, read_migrations

    applied = set(await applied_versions(url))
    return {migration.version for migration in read_migrations()} - applied
