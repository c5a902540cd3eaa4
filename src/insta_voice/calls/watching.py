"""What the watchers need to know: calls whose agent went silent, rights nobody used, calls nobody ended."""

from datetime import timedelta
from uuid import UUID

from insta_voice.calls.models import CallRef
from insta_voice.db import Database, Queries

_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


async def calls_missing_agent(db: Database, *, silent_for: timedelta) -> list[CallRef]:
    """Open calls without a heartbeat, and unused reservations without an agent, for longer than `silent_for`."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["calls_missing_agent"], {"silent_for": silent_for})).fetchall()
    return [CallRef(**row) for row in rows]


async def claim_dispatch(db: Database, *, call_id: UUID, pause: timedelta) -> bool:
    """True for the one watcher that may ask for an agent now; nobody asks twice within `pause`."""
    async with db.as_service() as connection:
        claimed = await connection.execute(_QUERIES["claim_dispatch"], {"call_id": call_id, "pause": pause})
    return claimed.rowcount == 1


async def release_dispatch(db: Database, *, call_id: UUID) -> None:
    """Give back what `claim_dispatch` took: the agent could not be asked for."""
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["release_dispatch"], {"call_id": call_id})


async def let_go_of_reservations(db: Database, *, grace: timedelta) -> int:
    """Settle reservations that expired more than `grace` ago; returns how many."""
    async with db.as_service() as connection:
        return (await connection.execute(_QUERIES["let_go_of_reservations"], {"grace": grace})).rowcount


async def overdue_calls(db: Database, *, grace: timedelta, silent_for: timedelta) -> list[tuple[UUID, str]]:
    """Ids and rooms of open calls longer by `grace` than they may be, or without an agent for `silent_for`."""
    values = {"grace": grace, "silent_for": silent_for}
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["overdue_calls"], values)).fetchall()
    return [(row["call_id"], row["room_name"]) for row in rows]
