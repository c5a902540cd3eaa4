"""The export: everything that is stored about a person, as they may take it with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from insta_voice.db import Connection, Database, Queries
from insta_voice.errors import NotFoundError

_QUERIES = Queries.load("insta_voice.privacy", "queries.sql")

Row = Mapping[str, Any]


async def export_person(
    db: Database, user_id: str, *, retention: timedelta | None, now: datetime | None = None
) -> dict[str, Any]:
    """Everything about `user_id`: `exported_at`, `profile`, `account_facts`, `known_people` (what the company said of
    their addresses), `calls` oldest first with `turns`, `tickets` and `rating` in each, `summaries` outside a call, and
    `reservations` nobody joined with. `deleted_at` of a call is when `retention` takes it, None where nothing does.

    NotFoundError for someone without a profile.
    """
    values = {"user_id": user_id}
    async with db.as_service() as connection:
        profile = await (await connection.execute(_QUERIES["export_profile"], values)).fetchone()
        if profile is None:
            raise NotFoundError
        known = await _rows(connection, "export_known_person", values)
        calls = await _rows(connection, "export_calls", values)
        turns = _by_call(await _rows(connection, "export_turns", values))
        tickets = _by_call(await _rows(connection, "export_tickets", values))
        summaries = await _rows(connection, "export_summaries", values)
        reservations = await _rows(connection, "export_reservations", values)
    own = dict(profile)
    return {
        "exported_at": now or datetime.now(UTC),
        "profile": own,
        "account_facts": own.pop("account_facts"),
        "known_people": known,
        "calls": [_call(call, turns[call["call_id"]], tickets[call["call_id"]], retention) for call in calls],
        "summaries": summaries,
        "reservations": reservations,
    }


async def _rows(connection: Connection, name: str, values: Row) -> list[dict[str, Any]]:
    return await (await connection.execute(_QUERIES[name], values)).fetchall()


def _by_call(rows: Iterable[dict[str, Any]]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["call_id"]].append(row)
    return found


def _call(call: Row, turns: list[Row], tickets: list[Row], retention: timedelta | None) -> dict[str, Any]:
    columns = dict(call)
    solved, comment, at = (columns.pop(name) for name in ("rated_solved", "rated_comment", "rated_at"))
    ended_at = call["ended_at"]
    return {
        **columns,
        "deleted_at": ended_at + retention if ended_at and retention else None,
        "rating": None if at is None else {"solved": solved, "comment": comment, "rated_at": at},
        "turns": turns,
        "tickets": tickets,
    }
