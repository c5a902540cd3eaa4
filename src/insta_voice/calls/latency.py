"""How long callers waited for answers, as they heard it: for whoever operates the installation."""

from dataclasses import dataclass
from datetime import timedelta

from insta_voice.db import Database, Queries

_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


@dataclass(frozen=True, slots=True)
class HeardWithin:
    """Answers that were heard no later than `up_to_ms` and later than the bound before; `waited_ms` all together."""

    up_to_ms: float
    answers: int
    waited_ms: float


@dataclass(frozen=True, slots=True)
class WaitingPart:
    """A part of the waiting, by its name in `timings_ms`: in how many answers it was, and how long it took."""

    name: str
    answers: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class WaitingTimes:
    """`answers` that sounded, and of how many the caller's ear has told: of none of the `typed`, to what was asked in
    writing. Of those that were heard, what the waiting was made of.
    """

    answers: int
    heard: int
    typed: int
    parts: tuple[WaitingPart, ...]


async def heard_answers(db: Database) -> tuple[HeardWithin, ...]:
    """Everyone's answers since the first, by how long they were waited for, the soonest first; also those whose call
    was deleted.
    """
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["heard_answers"])).fetchall()
    return tuple(HeardWithin(**row) for row in rows)


async def waiting_times(db: Database, *, within: timedelta) -> WaitingTimes:
    """Of everyone's calls: for the command line, not for the API."""
    values = {"within": within}
    async with db.as_service() as connection:
        counted = await (await connection.execute(_QUERIES["count_heard"], values)).fetchone()
        parts = await (await connection.execute(_QUERIES["parts_of_waiting"], values)).fetchall()
    assert counted is not None, "an aggregate has a row"
    return WaitingTimes(**counted, parts=tuple(WaitingPart(**row) for row in parts))
