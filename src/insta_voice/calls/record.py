"""A call while it runs: opened once, each turn written as it happens, its agent's heartbeat, closed once."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from insta_voice.calls.models import Call, Search, Turn
from insta_voice.costs import NOTHING, Spending
from insta_voice.db import Connection, Database, Queries
from insta_voice.db.outbox import enqueue
from insta_voice.db.text import without_control_characters
from insta_voice.errors import AccountDisabledError, InvalidInputError, NotFoundError

_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


async def open_call(db: Database, *, call_id: UUID, user_id: str, prompt_version: str | None = None) -> Call:
    """Open the reserved call, or find it open: a second agent of the same call continues it. An agent says with which
    prompts it holds the call; the record names those of the last one.

    NotFoundError when there is no such reservation of `user_id`, the call has ended, or it is opened late and every
    line is taken; AccountDisabledError.
    """
    ids = {"call_id": call_id, "user_id": user_id}
    async with db.as_user(user_id) as connection:
        await connection.execute(_QUERIES["open_call"], ids)
        row = await (await connection.execute(_QUERIES["find_call"], ids)).fetchone()
        if row is None or row["is_over"]:
            raise NotFoundError("This call has ended, or was never reserved. Start a new one.")
        if row["disabled"]:
            raise AccountDisabledError
        await connection.execute(_QUERIES["touch_call"], ids)
        if prompt_version is not None:
            await connection.execute(_QUERIES["note_prompts"], {**ids, "prompt_version": prompt_version})
    number, allowed_usd = row["next_turn_number"], row["allowed_usd"]
    return Call(
        row["call_id"],
        row["user_id"],
        row["room_name"],
        row["allowed_s"],
        row["left_s"],
        number,
        resumed=number > 1,
        left_usd=None if allowed_usd is None else allowed_usd - row["cost_usd"],
    )


async def may_be_held(db: Database, *, call_id: UUID, user_id: str, room_name: str) -> bool:
    """Whether `open_call` could succeed now, for a job in this room. Changes nothing."""
    values = {"call_id": call_id, "user_id": user_id, "room_name": room_name}
    async with db.as_service() as connection:
        row = await (await connection.execute(_QUERIES["may_be_held"], values)).fetchone()
    return row is not None and bool(row["held"])


async def touch_call(db: Database, *, call_id: UUID, user_id: str) -> bool:
    """The agent's heartbeat. False when the call is closed, left by its caller, or the person disabled: the agent
    leaves then."""
    async with db.as_user(user_id) as connection:
        touched = await connection.execute(_QUERIES["touch_call"], {"call_id": call_id, "user_id": user_id})
    return touched.rowcount == 1


async def record_turn(db: Database, *, call_id: UUID, user_id: str, turn: Turn) -> int:
    """Write a finished turn and return its number: `turn.number`, or a later one when another agent's turns took it.
    Written again it changes nothing but this: what the caller's ear said of it after it ended is added to its timings,
    once. Also accepted after the call's end, for what was on its way then.

    InvalidInputError when its number would leave a gap; NotFoundError when the call is not `user_id`'s.
    """
    values: dict[str, Any] = {
        "call_id": call_id,
        "user_id": user_id,
        "number": turn.number,
        "key": turn.key,
        "speaker": turn.speaker,
        "text": without_control_characters(turn.text),
        "heard": without_control_characters(turn.heard),
        "interrupted": turn.interrupted,
        "sources": Jsonb([asdict(source) for source in turn.sources]),
        "timings_ms": Jsonb(dict(turn.timings_ms)),
        "mind": turn.mind,
        "kind": turn.kind,
        "searches": Jsonb([_searched(search) for search in turn.searches]),
        "unsupported": [without_control_characters(sentence) for sentence in turn.unsupported],
        "started_at": turn.started_at,
        "ended_at": turn.ended_at,
        **_spent(turn.spending),
    }
    async with db.as_user(user_id) as connection:
        if await (await connection.execute(_QUERIES["find_call"], values)).fetchone() is None:
            raise NotFoundError
        return await _place(connection, values)


async def free_line(db: Database, *, call_id: UUID, user_id: str) -> None:
    """The caller has left for good: they may call again at once, and nobody continues this call.

    Its last turns may still be on their way; `close_call` follows them.
    """
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["free_line"], {"call_id": call_id, "user_id": user_id})


async def close_call(
    db: Database, *, call_id: UUID, reason: str, user_id: str | None = None, spending: Spending = NOTHING
) -> bool:
    """End a call, or let go of a reservation nobody used. True for the one caller who ended it.

    The jobs that write the summary and find what was asked in vain are enqueued in the same transaction. With
    `user_id`, only that user's call. `spending` is what no turn has, and is added to the call's.
    """
    values = {"call_id": call_id, "reason": reason, "user_id": user_id, **_spent(spending)}
    async with db.as_service() as connection:
        closed = await (await connection.execute(_QUERIES["close_call"], values)).fetchone()
        if closed is None:
            await connection.execute(_QUERIES["let_go_of_reservation"], values)
            return False
        await enqueue(connection, "summarize_call", lock=f"call:{call_id}", call_id=str(call_id))
        # With a lock of its own: the summary does not wait for a model that is away.
        await enqueue(connection, "find_gaps", lock=f"gaps:{call_id}", call_id=str(call_id))
    return True


def _searched(search: Search) -> dict[str, Any]:
    return {
        **asdict(search),
        "question": without_control_characters(search.question),
        "query": without_control_characters(search.query),
    }


def _spent(spending: Spending) -> dict[str, Any]:
    return {
        "usage": Jsonb([usage.as_json() for usage in spending.usages]),
        "cost_usd": spending.usd,
        "cost_known": spending.known,
    }


async def _place(connection: Connection, values: dict[str, Any]) -> int:
    """The number the turn gets or has. Who is beaten to a number tries the next: each time, a turn is written."""
    while True:
        written = await (await connection.execute(_QUERIES["record_turn"], values)).fetchone()
        if written is not None:
            return int(written["number"])
        place = await (await connection.execute(_QUERIES["place_of_turn"], values)).fetchone()
        assert place is not None, "an aggregate has a row"
        if place["number"] is not None:
            await connection.execute(_QUERIES["complete_timings"], values)
            return int(place["number"])
        if not 1 <= values["number"] <= place["next_number"]:
            raise InvalidInputError(f"Turn {values['number']} does not follow the last one of its call.")
