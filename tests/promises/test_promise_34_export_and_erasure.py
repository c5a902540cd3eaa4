"""Promise 34: a subject's export is complete; erasure erases, resumes when killed, and leaves a tombstone without
personal data.

"Complete" and "erased" are asked of the database itself, so that a table or a column added later is found here.
"""

import asyncio
import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row
from tests.support.api import Api
from tests.support.poll import eventually_async
from tests.support.postgres import TestDatabase
from tests.support.records import LIMITS, TTL, make_call, turn
from tests.support.rooms import ScriptedRooms

from insta_voice.calls import (
    Search,
    Source,
    close_call,
    get_any_call,
    open_call,
    open_ticket,
    rate_call,
    record_turn,
    reserve_call,
    touch_call,
)
from insta_voice.customers import KnownPerson, admit, get_profile, import_people, save_interaction_summary
from insta_voice.db import Database
from insta_voice.db.service_pool import ServicePool
from insta_voice.errors import NotFoundError
from insta_voice.jobs.app import build_app
from insta_voice.privacy import carry_out_erasure, erase_address, erase_call, erase_person, export_person
from insta_voice.privacy.erasure import request_erasure
from insta_voice.settings import Settings

EMAIL = "maya.private@example.org"
# Numbers of ours, which say nothing about anyone.
NOT_EXPORTED = {
    ("interaction_summaries", "summary_id"),
    *(("call_reservations", column) for column in ("all_calls", "allowed_usd", "held_usd", "all_day_usd")),
    *((table, column) for table in ("calls", "call_turns") for column in ("usage", "cost_usd", "cost_known")),
}


async def fill(db: Database, user_id: str = "maya", email: str = EMAIL) -> UUID:
    """Something in every table and column that can hold a person's data; an ended call."""
    facts = {"seats": 12, "last_invoice": {"number": f"TW-{user_id}"}}
    await import_people(db, [KnownPerson(email, f"{user_id} Private", "team", facts)], with_facts=True)
    await admit(db, user_id=user_id, email=email, name="x", email_verified=True, rule="known")
    reservation = await reserve_call(db, user_id=user_id, limits=LIMITS, ttl=TTL, language="de")
    call_id = reservation.call_id
    await open_call(db, call_id=call_id, user_id=user_id, prompt_version="1dfe57ab1bc9")
    source = Source("a1", "Reset your password", "/help/a1", f"Choose it, {user_id}.", "First steps", 3, "a-model")
    search = Search(f"Where is {user_id}'s card?", f"Cards. Where is {user_id}'s card?", 0.125, False, "a-model")
    question = turn(1, f"I am {user_id}, card 4111.", kind="question", mind="caller", timings_ms={"stt": 12.5})
    answer = turn(2, f"Hello {user_id}.", heard="Hello", speaker="assistant", sources=(source,), interrupted=True)
    answer = replace(answer, searches=(search,))
    for one in (question, answer):
        await record_turn(db, call_id=call_id, user_id=user_id, turn=one)
    await open_ticket(db, user_id=user_id, call_id=call_id, subject=f"Call {user_id}", briefing="+49 30 1", key="k1")
    await save_interaction_summary(
        user_id, f"{user_id} asked.", call_id=call_id, topics=["cards"], open_question="Why?", solved=False, db=db
    )
    await save_interaction_summary(user_id, f"{user_id} outside a call.", topics=["other"], solved=True, db=db)
    await rate_call(db, user_id=user_id, call_id=call_id, solved=True, comment=f"Thanks from {user_id}")
    await close_call(db, call_id=call_id, reason="hung_up")
    await reserve_call(db, user_id=user_id, limits=LIMITS, ttl=TTL)
    return call_id


async def personal_rows(admin_url: str, user_id: str, email: str) -> list[tuple[str, str, Any]]:
    """Table, column and value of every cell in a row that names the person by uid or address, in any schema."""
    found = []
    async with await psycopg.AsyncConnection.connect(admin_url, row_factory=dict_row) as owner:
        tables = await (
            await owner.execute(
                """select n.nspname as schema, c.relname as name, a.attname as key
                     from pg_class c join pg_namespace n on n.oid = c.relnamespace
                          join pg_attribute a on a.attrelid = c.oid
                    where n.nspname in ('public', 'insta') and c.relkind in ('r', 'p')
                      and a.attname in ('user_id', 'email')"""
            )
        ).fetchall()
        assert {"user_profiles", "known_people", "calls"} <= {table["name"] for table in tables}
        for table in tables:
            wanted = user_id if table["key"] == "user_id" else email
            rows = await owner.execute(
                sql.SQL("select * from {} where {} = %s").format(
                    sql.Identifier(table["schema"], table["name"]), sql.Identifier(table["key"])
                ),
                [wanted],
            )
            for row in await rows.fetchall():
                found += [(table["name"], column, value) for column, value in row.items()]
    return found


def leaves(value: Any) -> set[str]:
    """Every value in a document, as text."""
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values()), map(str, value))
    if isinstance(value, list | tuple):
        return set().union(*map(leaves, value))
    if isinstance(value, datetime):
        return {value.astimezone(UTC).isoformat()}
    return {str(value)}


async def test_every_cell_about_a_person_is_in_their_export(api: Api, db: Database, database: TestDatabase) -> None:
    await fill(db)
    await fill(db, "leo", "leo@example.org")
    answer = await api.http.get("/api/me/data", headers=api.bearer("maya", email=EMAIL))
    assert answer.status_code == 200
    exported = leaves(json.loads(answer.text, object_hook=_with_times))
    cells = await personal_rows(database.admin_url, "maya", EMAIL)
    assert len(cells) > 60
    missing = {
        (table, column, str(value))
        for table, column, value in cells
        if (table, column) not in NOT_EXPORTED and value is not None and not _told(value) <= exported
    }
    assert missing == set()
    assert "leo" not in answer.text.lower()


def _told(value: Any) -> set[str]:
    if hasattr(value, "total_seconds"):  # an interval is told in seconds
        return {str(float(value.total_seconds()))}
    return leaves(value)


def _with_times(read: dict[str, Any]) -> dict[str, Any]:
    """JSON's times as times, so that they compare whatever their form."""
    told = {}
    for key, value in read.items():
        try:
            told[key] = datetime.fromisoformat(value) if key.endswith("_at") else value
        except (TypeError, ValueError):
            told[key] = value
    return told


async def test_the_document_names_every_table_about_people(database: TestDatabase) -> None:
    """docs/privacy.md is what a company writes its own notice from."""
    told = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8")
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        rows = await (
            await owner.execute(
                """select distinct c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                          join pg_attribute a on a.attrelid = c.oid
                    where n.nspname in ('public', 'insta') and c.relkind in ('r', 'p')
                      and a.attname in ('user_id', 'email', 'key', 'subject')"""
            )
        ).fetchall()
    assert len(rows) >= 10
    assert [table for (table,) in rows if f"{table}`" not in told] == []


async def test_the_export_says_when_each_call_goes(api: Api, db: Database) -> None:
    call_id = await fill(db)
    document = (await api.http.get("/api/me/data", headers=api.bearer("maya", email=EMAIL))).json()
    (call,) = document["calls"]
    assert (call["call_id"], document["retention_days"]) == (str(call_id), 90)
    kept = datetime.fromisoformat(call["deleted_at"]) - datetime.fromisoformat(call["ended_at"])
    assert kept.days == 90
    assert [turn["heard"] for turn in call["turns"]] == ["I am maya, card 4111.", "Hello"]
    assert (call["rating"]["comment"], call["tickets"][0]["status"]) == ("Thanks from maya", "open")
    assert [summary["summary"] for summary in document["summaries"]] == ["maya outside a call."]
    assert len(document["reservations"]) == 1
    assert (await export_person(db, "maya", retention=None))["calls"][0]["deleted_at"] is None


async def test_an_export_is_not_a_way_to_keep_the_database_busy(api: Api) -> None:
    answers = [await api.http.get("/api/me/data", headers=api.bearer("maya")) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert (await api.http.get("/api/me/data", headers=api.bearer("leo"))).status_code == 200


async def everything(admin_url: str) -> str:
    """The whole database as text, but for what is hashed on purpose."""
    text = []
    async with await psycopg.AsyncConnection.connect(admin_url) as owner:
        tables = await (
            await owner.execute(
                """select format('%I.%I', schemaname, tablename) from pg_tables
                    where schemaname in ('public', 'insta', 'procrastinate')"""
            )
        ).fetchall()
        for (table,) in tables:
            rows = await owner.execute(f"select t::text from {table} t")  # type: ignore[arg-type]  # noqa: S608
            text += [f"{table}: {row[0]}" for row in await rows.fetchall()]
    return "\n".join(text)


async def tombstones(db: Database) -> list[dict[str, Any]]:
    async with db.as_service() as connection:
        return await (
            await connection.execute(
                "select user_id, requested_by, finished_at is not null as done, calls from erasures order by 3, 2"
            )
        ).fetchall()


async def test_erasure_leaves_nothing_but_that_it_was(api: Api, db: Database, database: TestDatabase) -> None:
    call_id = await fill(db)
    await fill(db, "leo", "leo@example.org")
    traces = ("maya", EMAIL, str(call_id))
    held = (await everything(database.admin_url)).lower()
    assert [trace for trace in traces if trace not in held] == []
    assert (await api.http.delete("/api/me", headers=api.bearer("maya", email=EMAIL))).status_code == 204
    await run_jobs(db, database.url)  # those of the erased calls were waiting in the queue, and name them by id
    left = (await everything(database.admin_url)).lower()
    assert [trace for trace in traces if trace in left] == []
    assert await tombstones(db) == [{"user_id": None, "requested_by": "person", "done": True, "calls": 1}]
    assert await get_profile(db, "leo") is not None
    assert "leo asked." in left


@pytest.fixture
async def interrupted(db: Database) -> UUID:
    """An erasure that was written down, and no more."""
    await fill(db)
    erasure_id = await request_erasure(db, user_id="maya", requested_by="person")
    assert erasure_id is not None
    return erasure_id


async def run_jobs(db: Database, database_url: str) -> None:
    async with ServicePool(database_url) as pool:
        app = build_app(db, Settings(), ScriptedRooms())
        await app.open_async(pool)
        await app.run_worker_async(wait=False)


async def test_an_erasure_that_was_begun_is_finished_by_a_job(
    db: Database, database_url: str, interrupted: UUID
) -> None:
    profile = await get_profile(db, "maya")
    assert profile is not None
    assert profile.disabled  # nothing new is written meanwhile
    await run_jobs(db, database_url)
    assert await get_profile(db, "maya") is None
    assert [tombstone["done"] for tombstone in await tombstones(db)] == [True]


async def test_an_erasure_asked_for_twice_is_one(db: Database, interrupted: UUID) -> None:
    assert await request_erasure(db, user_id="maya", requested_by="operator") == interrupted
    await asyncio.gather(*(carry_out_erasure(db, interrupted) for _ in range(3)))
    await carry_out_erasure(db, interrupted)
    assert await tombstones(db) == [{"user_id": None, "requested_by": "person", "done": True, "calls": 1}]


ERASE = """
import asyncio, sys
from insta_voice.db import Database
from insta_voice.privacy import erase_person
from insta_voice.privacy import erasure
erasure._CALLS_A_STEP = 1

async def main():
    async with Database(sys.argv[1]) as db:
        await erase_person(db, user_id="maya", requested_by="person")

asyncio.run(main())
"""


async def test_killed_midway_it_is_finished_by_whoever_comes_next(
    db: Database, database: TestDatabase, tmp_path: Path
) -> None:
    """kill -9 with some calls gone and some not: a row that is held makes the process stop between the two."""
    await fill(db)
    last = await make_call(db, "maya")
    async with await psycopg.AsyncConnection.connect(database.admin_url) as holder:
        await holder.execute("select 1 from calls where call_id = %s for update", [last])
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ERASE, database.url, env={**os.environ, "INSTA_DATA_DIR": str(tmp_path)}
        )

        async def some_are_gone() -> bool:
            counted = await tombstones(db)
            return bool(counted) and counted[0]["calls"] > 0

        try:
            await eventually_async(some_are_gone, within_s=20, what="the first calls deleted")
        finally:
            process.kill()
            await process.wait()
    assert (await get_any_call(db, last)).user_id == "maya"
    await run_jobs(db, database.url)
    assert await get_profile(db, "maya") is None
    assert "maya" not in (await everything(database.admin_url)).lower()
    assert [(tombstone["user_id"], tombstone["done"]) for tombstone in await tombstones(db)] == [(None, True)]


async def test_a_running_call_loses_its_right_and_its_room_is_ended(db: Database, database_url: str) -> None:
    call_id = await make_call(db)
    room = (await get_any_call(db, call_id)).room_name
    await erase_person(db, user_id="maya", requested_by="person")
    assert not await touch_call(db, call_id=call_id, user_id="maya")  # the agent says why and leaves
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=call_id, user_id="maya")
    with pytest.raises(NotFoundError):
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    assert not await close_call(db, call_id=call_id, reason="closed", user_id="maya")

    rooms = ScriptedRooms()
    async with db.as_service() as connection:  # the fifteen seconds are over
        await connection.execute("update procrastinate_jobs set scheduled_at = now()")
    async with ServicePool(database_url) as pool:
        app = build_app(db, Settings(), rooms)
        await app.open_async(pool)
        await app.run_worker_async(wait=False)
    assert rooms.said == [("delete", room, "")]


async def test_one_call_goes_with_all_that_hangs_on_it(api: Api, db: Database, database: TestDatabase) -> None:
    call_id = await fill(db)
    address = f"/api/me/calls/{call_id}"
    assert (await api.http.delete(address, headers=api.bearer("leo"))).status_code == 404
    assert (await api.http.get(address, headers=api.bearer("maya", email=EMAIL))).status_code == 200
    assert (await api.http.delete(address, headers=api.bearer("maya", email=EMAIL))).status_code == 204
    assert (await api.http.delete(address, headers=api.bearer("maya", email=EMAIL))).status_code == 404
    left = await everything(database.admin_url)
    assert [trace for trace in ("4111", "maya asked.", "+49 30", "Thanks from") if trace in left] == []
    assert "maya outside a call." in left


async def test_a_right_that_is_no_call_is_not_deleted_as_one(db: Database) -> None:
    await make_call(db, "leo")
    await close_call(db, call_id=(await make_call(db, "maya")), reason="hung_up")
    waiting = await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    with pytest.raises(NotFoundError):
        await erase_call(db, user_id="maya", call_id=waiting.call_id)


async def test_jobs_for_what_is_gone_end_quietly(db: Database, database_url: str) -> None:
    """The summary and the delivery of a call that was deleted before their turn came."""
    call_id = await make_call(db)
    await open_ticket(db, user_id="maya", call_id=call_id, subject="s", briefing="b", key="k")
    await close_call(db, call_id=call_id, reason="hung_up")
    await erase_call(db, user_id="maya", call_id=call_id)
    await run_jobs(db, database_url)
    async with db.as_service() as connection:
        # What comes by the clock may have come in this moment.
        by_us = "select task_name from procrastinate_jobs where not args ? 'timestamp'"
        left = await (await connection.execute(by_us)).fetchall()
    assert left == []


async def test_an_operator_erases_by_address_who_has_and_who_has_not_signed_in(
    db: Database, database: TestDatabase
) -> None:
    await fill(db)
    await import_people(db, [KnownPerson("later.private@example.org")], with_facts=False)
    await admit(db, user_id="maya-unverified", email=EMAIL, name="x", email_verified=False, rule="open")
    assert await erase_address(db, EMAIL.upper()) == 2
    assert await erase_address(db, "later.private@example.org") == 0
    with pytest.raises(NotFoundError):
        await erase_address(db, EMAIL)
    left = (await everything(database.admin_url)).lower()
    assert [trace for trace in ("maya", "private") if trace in left] == []
    assert [(stone["requested_by"], stone["done"]) for stone in await tombstones(db)] == [("operator", True)] * 3
