"""Who answers calls: the workers say every few seconds that they are there, and how many calls they hold."""

from insta_voice.db import Database, Queries

_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


async def upsert_worker(db: Database, name: str, calls: int, capacity: int) -> None:
    """A worker's heartbeat, every 5 s once it is registered."""
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["upsert_worker"], {"name": name, "calls": calls, "capacity": capacity})


async def remove_worker(db: Database, name: str) -> None:
    """Said by a worker that takes no more calls."""
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["remove_worker"], {"name": name})


async def agent_ready(db: Database) -> bool:
    """Whether a worker was heard of within 15 s, three heartbeats."""
    async with db.as_service() as connection:
        row = await (await connection.execute(_QUERIES["agent_ready"])).fetchone()
    return row is not None and bool(row["ready"])
