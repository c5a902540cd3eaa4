"""Retention: what callers said goes after RETENTION_DAYS, whether or not anybody asks."""

from datetime import datetime, timedelta
from typing import Final

from insta_voice.db import Database, Queries

_CALLS_A_STEP: Final = 200

_QUERIES = Queries.load("insta_voice.privacy", "queries.sql")


async def forget_old_calls(db: Database, *, now: datetime, keep: timedelta) -> int:
    """Delete the calls that ended, and the rights to one that expired, more than `keep` before `now`; how many.

    A call takes its turns, summary, rating and tickets along. A running call is left alone, however old. Summaries
    that were saved outside a call go with their own age.
    """
    values = {"before": now - keep, "limit": _CALLS_A_STEP}
    forgotten = 0
    while True:
        async with db.as_service() as connection:
            deleted = (await connection.execute(_QUERIES["delete_old_calls"], values)).rowcount
        forgotten += deleted
        if deleted < _CALLS_A_STEP:
            break
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["delete_old_summaries"], values)
    return forgotten


async def forget_spent_minutes(db: Database, *, now: datetime) -> None:
    """Delete what the limits still count of deleted calls, once it is 24 hours old at `now`."""
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["delete_spent_minutes"], {"now": now})
