"""What was promised and is not done: tickets, erasures, summaries and gaps whose jobs have given up get new ones.

A job tries for hours. A help desk that is down for a night, or a restored backup, which holds no jobs, is longer.
"""

from datetime import timedelta
from typing import Final

from insta_voice.calls import can_deliver
from insta_voice.db import Connection, Database, Queries
from insta_voice.db.outbox import enqueue
from insta_voice.settings import Settings

_OLDER_THAN: Final = timedelta(minutes=10)  # what is new has its first job
_AT_ONCE: Final = 100  # of each kind; the next look takes more, since what has a job is not taken again

_QUERIES = Queries.load("insta_voice.jobs", "left_undone.sql")


async def enqueue_left_undone(db: Database, settings: Settings, *, has_model: bool) -> int:
    """Enqueue what is left undone and has no job; returns how much. Again at once, it is nothing. Without a model to
    compare questions by, gaps are left to another worker.
    """
    async with db.as_service() as connection:
        found = 0
        if can_deliver(settings):
            for ticket_id in await _find(connection, "tickets"):
                await enqueue(connection, "deliver_ticket", lock=f"ticket:{ticket_id}", ticket_id=ticket_id)
                found += 1
        for erasure_id in await _find(connection, "erasures"):
            await enqueue(connection, "erase_person", lock=f"erasure:{erasure_id}", erasure_id=erasure_id)
            found += 1
        for call_id in await _find(connection, "summaries"):
            await enqueue(connection, "summarize_call", lock=f"call:{call_id}", call_id=call_id)
            found += 1
        for call_id in await _find(connection, "gaps") if has_model else ():
            await enqueue(connection, "find_gaps", lock=f"gaps:{call_id}", call_id=call_id)
            found += 1
        await connection.execute(_QUERIES["forget_given_up"])
    return found


async def _find(connection: Connection, what: str) -> list[str]:
    values = {"older_than": _OLDER_THAN, "limit": _AT_ONCE}
    return [row["id"] for row in await (await connection.execute(_QUERIES[what], values)).fetchall()]
