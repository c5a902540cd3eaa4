"""Reading the record: lists and whole calls, for the person themselves and for whoever operates the installation."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from insta_voice.calls.models import CallDetail, CallEntry, Rating, Search, Source, Ticket, Turn
from insta_voice.costs import Spending, Usage, merged
from insta_voice.db import Connection, Database, Queries
from insta_voice.errors import NotFoundError

_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


async def list_calls(db: Database, user_id: str, limit: int = 50) -> list[CallEntry]:
    """The calls of `user_id`, newest first."""
    async with db.as_user(user_id) as connection:
        return await _list(connection, user_id, limit)


async def list_all_calls(db: Database, limit: int = 50) -> list[CallEntry]:
    """Everyone's calls, newest first: for the command line, not for the API."""
    async with db.as_service() as connection:
        return await _list(connection, None, limit)


async def get_call(db: Database, user_id: str, call_id: UUID) -> CallDetail:
    """A whole call of `user_id`; NotFoundError for another's just as for none."""
    async with db.as_user(user_id) as connection:
        return await _get(connection, user_id, call_id)


async def get_any_call(db: Database, call_id: UUID) -> CallDetail:
    """A whole call, whoever's: for jobs and the command line, not for the API."""
    async with db.as_service() as connection:
        return await _get(connection, None, call_id)


def read_ticket(row: Mapping[str, Any]) -> Ticket:
    """A ticket from its row."""
    return Ticket(
        row["ticket_id"],
        row["call_id"],
        row["user_id"],
        row["key"],
        row["subject"],
        row["briefing"],
        row["created_at"],
        row["delivered_at"],
        tuple(row["delivered_by"]),
    )


async def _list(connection: Connection, user_id: str | None, limit: int) -> list[CallEntry]:
    values = {"user_id": user_id, "limit": limit}
    rows = await (await connection.execute(_QUERIES["list_calls"], values)).fetchall()
    return [CallEntry(**_with_rating(row)) for row in rows]


async def _get(connection: Connection, user_id: str | None, call_id: UUID) -> CallDetail:
    values = {"user_id": user_id, "call_id": call_id}
    call = await (await connection.execute(_QUERIES["get_call"], values)).fetchone()
    if call is None:
        raise NotFoundError
    rows = await (await connection.execute(_QUERIES["get_turns"], values)).fetchall()
    tickets = await (await connection.execute(_QUERIES["tickets_of_call"], values)).fetchall()
    turns = tuple(_read_turn(row) for row in rows)
    columns = _with_spending(_with_rating(call))
    spending: Spending = columns["spending"]  # what no turn has, but the cost of all
    usages = merged(usage for part in (*(turn.spending for turn in turns), spending) for usage in part.usages)
    return CallDetail(
        **{**columns, "spending": replace(spending, usages=usages)},
        turns=turns,
        ticket=read_ticket(tickets[0]) if tickets else None,
    )


def _with_rating(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its `rated_…` columns, which the join leaves null without a rating, as one `Rating`."""
    columns = dict(row)
    solved, comment, at = (columns.pop(name) for name in ("rated_solved", "rated_comment", "rated_at"))
    return {**columns, "rating": None if at is None else Rating(solved, comment, at)}


def _read_turn(row: Mapping[str, Any]) -> Turn:
    sources = tuple(Source(**source) for source in row["sources"])
    searches = tuple(Search(**search) for search in row["searches"])
    columns = {**_with_spending(row), "sources": sources, "searches": searches}
    return Turn(**{**columns, "unsupported": tuple(row["unsupported"])})


def _with_spending(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its columns of cost as one `Spending`."""
    columns = dict(row)
    usages, usd, known = (columns.pop(name) for name in ("usage", "cost_usd", "cost_known"))
    return {**columns, "spending": Spending(tuple(Usage.from_json(usage) for usage in usages), usd, known)}
