"""The demo company's people in a real database: their passwords are public, and one of them is an admin."""

from insta_voice.auth.demo import DEMO_USERS
from insta_voice.command import command
from insta_voice.db import Database, Queries
from insta_voice.errors import ConfigurationError, DBDriverError
from insta_voice.settings import Settings

_QUERIES = Queries.load("insta_voice.auth", "demo_people.sql")


async def demo_people_in(db: Database) -> list[str]:
    """The user ids of the demo's people that have a profile here."""
    async with db.as_service() as connection:
        ids = [user.user_id for user in DEMO_USERS]
        rows = await (await connection.execute(_QUERIES["find"], {"user_ids": ids})).fetchall()
    return [row["user_id"] for row in rows]


async def refuse_demo_people(settings: Settings, database_url: str) -> None:
    """In production, ConfigurationError while they are there.

    A database that is away, or not prepared yet, cannot be asked: it lets nobody in either, and the next start asks.
    """
    if settings.service.env != "production":
        return
    try:
        async with Database(database_url, max_size=1, connect_timeout_s=settings.database.connect_timeout_s) as db:
            found = await demo_people_in(db)
    except DBDriverError:
        return
    if found:
        raise ConfigurationError(
            f"{len(found)} people of the demo company are in the production database, an admin among them. "
            f"Remove them with `{command('users erase')}`, or use a database of its own."
        )
