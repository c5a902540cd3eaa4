"""Ended calls in which something was asked, and the gaps that are made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from tests.support.poll import eventually_async
from tests.support.records import make_call, turn

from insta_voice.calls import Search, Source, close_call, record_turn
from insta_voice.db import Database
from insta_voice.knowledge import Embedder
from insta_voice.knowledge.gaps import Gap, find_gaps, list_gaps

NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it; `query` as in Search."""

    question: str
    kind: str = "unknown"
    answerable: bool = False
    query: str | None = None
    sources: tuple[Source, ...] = ()


def answered(question: str, *sources: Source) -> Exchange:
    return Exchange(question, "answer", answerable=True, sources=sources)


async def held_call(
    db: Database, *exchanges: Exchange | str, user_id: str = "maya", at: datetime = NOW, language: str | None = None
) -> UUID:
    """An ended call of `user_id` that asked this at that time; a question alone was in vain."""
    call_id = await make_call(db, user_id)
    if language is not None:
        async with db.as_service() as connection:
            await connection.execute(
                "update call_reservations set language = %s where call_id = %s", [language, call_id]
            )
    for number, given in enumerate(exchanges):
        one = Exchange(given) if isinstance(given, str) else given
        search = Search(one.question, one.query or one.question, 0.9 if one.answerable else 0.1, one.answerable, "m")
        when = {"started_at": at + timedelta(seconds=number), "ended_at": at + timedelta(seconds=number)}
        said = turn(2 * number + 1, one.question, **when)
        reply = turn(
            2 * number + 2, "…", speaker="assistant", kind=one.kind, searches=(search,), sources=one.sources, **when
        )
        for each in (said, reply):
            await record_turn(db, call_id=call_id, user_id=user_id, turn=each)
    await close_call(db, call_id=call_id, reason="hung_up")
    return call_id


async def asked_in_vain(
    db: Database, embedder: Embedder, questions: Sequence[str], *, at: datetime = NOW, user_id: str = "maya"
) -> list[UUID]:
    """A call for each question, and its gap."""
    calls = [await held_call(db, question, at=at, user_id=user_id) for question in questions]
    for call_id in calls:
        await find_gaps(db, embedder, call_id, language="en")
    return calls


async def until_waiting(watching: psycopg.AsyncConnection, count: int) -> None:
    """Until so many sessions of this database wait for another's lock."""

    async def waiting() -> bool:
        await watching.execute("select pg_stat_clear_snapshot()")  # a transaction sees the sessions of its first look
        found = await watching.execute(
            "select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0"
        )
        return len(await found.fetchall()) == count

    await eventually_async(waiting, within_s=30, what=f"{count} wait")


async def gaps(db: Database, *, now: datetime = NOW, closed: bool = True) -> list[Gap]:
    """Every gap, the weightiest first."""
    return await list_gaps(db, now=now, closed=closed)
