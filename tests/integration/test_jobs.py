"""Jobs on a real database: what a closed call and a ticket set off, once, whatever happens to the worker."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from procrastinate import App
from tests.support.records import make_call, turn
from tests.support.rooms import ScriptedRooms

from insta_voice.calls import Source, close_call, get_any_call, list_tickets, open_ticket, record_turn
from insta_voice.customers import last_summary, save_interaction_summary
from insta_voice.db import Database
from insta_voice.db.service_pool import ServicePool
from insta_voice.jobs.app import build_app, retry_stalled_jobs
from insta_voice.jobs.tasks import close_stale_calls, deliver_ticket
from insta_voice.settings import Settings


@pytest.fixture
def rooms() -> ScriptedRooms:
    return ScriptedRooms()


@pytest.fixture
async def app(db: Database, database_url: str, rooms: ScriptedRooms) -> AsyncIterator[App]:
    async with ServicePool(database_url) as pool:
        built = build_app(db, Settings(), rooms)
        await built.open_async(pool)
        yield built


async def run_jobs(app: App) -> None:
    await app.run_worker_async(wait=False, delete_jobs="never")


async def statuses(db: Database, task: str) -> list[str]:
    async with db.as_service() as connection:
        rows = await (
            await connection.execute(
                "select status::text from procrastinate_jobs where task_name = %s order by id", [task]
            )
        ).fetchall()
    return [row["status"] for row in rows]


async def be_due(db: Database) -> None:
    """Every job that waits for its time may begin."""
    async with db.as_service() as connection:
        await connection.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")


async def ended_call(db: Database) -> UUID:
    call_id = await make_call(db)
    source = Source("a1", "Reset your password", "/help/a1", "Choose “Forgot password”.")
    said = [
        turn(1),
        turn(2, "Choose “Forgot password”.", speaker="assistant", kind="answer", sources=(source,)),
        turn(3, "Can I pay with seashells?"),
        turn(4, "I could not find that.", speaker="assistant", kind="unknown"),
    ]
    for one in said:
        await record_turn(db, call_id=call_id, user_id="maya", turn=one)
    await close_call(db, call_id=call_id, reason="hung_up")
    return call_id


async def test_a_closed_call_gets_its_summary_for_the_next_greeting(db: Database, app: App) -> None:
    call_id = await ended_call(db)
    await run_jobs(app)
    found = await last_summary(db, "maya")
    assert found is not None
    assert (found.call_id, found.open_question, found.solved) == (call_id, "Can I pay with seashells?", False)
    assert found.topics == ("Reset your password",)


async def test_the_assistants_own_summary_stands(db: Database, app: App) -> None:
    call_id = await ended_call(db)
    await save_interaction_summary("maya", "Her own words.", call_id=call_id, db=db)
    await run_jobs(app)
    found = await last_summary(db, "maya")
    assert found is not None
    assert found.summary == "Her own words."


async def test_a_summary_from_before_the_caller_went_on_is_replaced(db: Database, app: App) -> None:
    """The assistant saves one at a goodbye; a caller who then asks something else would be remembered without it."""
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, "That is all, goodbye."))
    await save_interaction_summary("maya", "Said goodbye.", call_id=call_id, db=db)
    now = datetime.now(UTC)
    bye = turn(2, "Goodbye!", speaker="assistant", kind="goodbye", started_at=now, ended_at=now)
    await record_turn(db, call_id=call_id, user_id="maya", turn=bye)
    more = turn(3, "Oh, can I pay with seashells?", started_at=now, ended_at=now)
    await record_turn(db, call_id=call_id, user_id="maya", turn=more)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(4, "No.", speaker="assistant", kind="unknown"))
    await close_call(db, call_id=call_id, reason="hung_up")
    await run_jobs(app)
    found = await last_summary(db, "maya")
    assert found is not None
    assert found.open_question == "Oh, can I pay with seashells?"


async def test_a_goodbye_after_it_does_not_make_the_assistants_summary_old(db: Database, app: App) -> None:
    """A language model saves one when it takes the matter for settled, and the caller says goodbye after that."""
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, "That helped."))
    await save_interaction_summary("maya", "Her own words.", call_id=call_id, db=db)
    now = datetime.now(UTC)
    later = {"started_at": now, "ended_at": now}
    for one in (
        turn(2, "Good.", speaker="assistant", kind="clarify", **later),
        turn(3, "Thank you, goodbye.", **later),
        turn(4, "Goodbye!", speaker="assistant", kind="goodbye", **later),
    ):
        await record_turn(db, call_id=call_id, user_id="maya", turn=one)
    await close_call(db, call_id=call_id, reason="goodbye")
    await run_jobs(app)
    found = await last_summary(db, "maya")
    assert found is not None
    assert found.summary == "Her own words."


async def test_the_assistants_own_goodbye_does_not_make_its_summary_old(db: Database, app: App) -> None:
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, "That is all, goodbye."))
    await save_interaction_summary("maya", "Her own words.", call_id=call_id, db=db)
    now = datetime.now(UTC)
    bye = turn(2, "Goodbye!", speaker="assistant", kind="goodbye", started_at=now, ended_at=now)
    await record_turn(db, call_id=call_id, user_id="maya", turn=bye)
    await close_call(db, call_id=call_id, reason="goodbye")
    await run_jobs(app)
    found = await last_summary(db, "maya")
    assert found is not None
    assert found.summary == "Her own words."


async def test_a_job_whose_worker_was_killed_is_finished_by_another_once(db: Database, app: App) -> None:
    call_id = await ended_call(db)
    dead = await app.job_manager.register_worker()
    taken = await app.job_manager.fetch_job(queues=None, worker_id=dead)
    assert taken is not None
    assert await retry_stalled_jobs(app) == 0  # its worker may still be at it
    async with db.as_service() as connection:
        await connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    assert await retry_stalled_jobs(app) == 1
    await run_jobs(app)
    assert await statuses(db, "summarize_call") == ["succeeded"]
    assert (await get_any_call(db, call_id)).summary is not None


async def test_a_lost_job_gives_way_to_one_like_it_that_waits_already(db: Database, app: App) -> None:
    keep_indexes = app.tasks["keep_indexes"]
    await keep_indexes.defer_async(timestamp=0)
    dead = await app.job_manager.register_worker()
    assert await app.job_manager.fetch_job(queues=None, worker_id=dead) is not None
    waiting = await keep_indexes.defer_async(timestamp=60)  # by the clock, a minute later
    call_id = await ended_call(db)
    assert await app.job_manager.fetch_job(queues=None, worker_id=dead) is not None  # the call's
    async with db.as_service() as connection:
        await connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    assert await retry_stalled_jobs(app) == 2
    taken = await app.job_manager.fetch_job(queues=None, worker_id=await app.job_manager.register_worker())
    assert taken is not None
    assert taken.id == waiting
    await run_jobs(app)
    assert (await get_any_call(db, call_id)).summary is not None


async def test_a_ticket_without_anywhere_to_go_stays_listed(db: Database, app: App) -> None:
    call_id = await make_call(db)
    await open_ticket(db, user_id="maya", call_id=call_id, subject="Call me", briefing="…", key="k")
    await run_jobs(app)
    (ticket,) = await list_tickets(db)
    assert ticket.delivered_at is None


async def test_a_ticket_that_cannot_be_delivered_is_tried_again(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_URL", "http://127.0.0.1:9/nobody-listens")
    monkeypatch.setenv("TICKET_WEBHOOK_SECRET", "secret")
    call_id = await make_call(db)
    await open_ticket(db, user_id="maya", call_id=call_id, subject="Call me", briefing="…", key="k")
    async with ServicePool(database_url) as pool:
        app = build_app(db, Settings(), None)
        await app.open_async(pool)
        await run_jobs(app)
    async with db.as_service() as connection:
        row = await (
            await connection.execute(
                "select status::text, attempts, scheduled_at > now() as later from procrastinate_jobs"
                " where task_name = 'deliver_ticket'"
            )
        ).fetchone()
    assert row == {"status": "todo", "attempts": 1, "later": True}


async def test_a_delivered_ticket_is_not_sent_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_URL", "http://127.0.0.1:9/nobody-listens")
    monkeypatch.setenv("TICKET_WEBHOOK_SECRET", "secret")
    call_id = await make_call(db)
    ticket = await open_ticket(db, user_id="maya", call_id=call_id, subject="s", briefing="b", key="k")
    async with db.as_service() as connection:
        await connection.execute("update tickets set delivered_at = now()")
    await deliver_ticket(db, Settings(), ticket.ticket_id)  # would fail if it tried


async def test_a_call_nobody_ended_is_closed_with_its_room(db: Database, app: App, rooms: ScriptedRooms) -> None:
    """Also when the call server is away at that moment: the caller would stay alone in a room nobody ends."""
    call_id = await make_call(db)
    await close_stale_calls(db)
    assert (await get_any_call(db, call_id)).ended_at is None
    async with db.as_service() as connection:
        await connection.execute("update calls set agent_seen_at = now() - interval '11 minutes'")
    await close_stale_calls(db)
    await close_stale_calls(db)
    call = await get_any_call(db, call_id)
    assert call.end_reason == "overdue"
    assert await statuses(db, "end_room") == ["todo"]
    await run_jobs(app)
    assert rooms.said == []  # its agent is given time to say why
    rooms.away = True
    await be_due(db)
    await run_jobs(app)
    assert await statuses(db, "end_room") == ["todo"]
    rooms.away = False
    await be_due(db)
    await run_jobs(app)
    assert rooms.said == [("delete", call.room_name, "")]


async def test_jobs_and_their_log_name_no_person(db: Database, app: App, caplog: pytest.LogCaptureFixture) -> None:
    """Promise 32: no personal data in job dumps."""
    call_id = await ended_call(db)
    await open_ticket(db, user_id="maya", call_id=call_id, subject="Call Maya", briefing="+49 30 1", key="k")
    with caplog.at_level(logging.DEBUG):
        await run_jobs(app)
    async with db.as_service() as connection:
        rows = await (await connection.execute("select j::text as row from procrastinate_jobs j")).fetchall()
    for text in [*(row["row"] for row in rows), caplog.text]:
        assert "maya" not in text.lower()
        assert "seashells" not in text


async def test_the_queue_is_procrastinates_own_schema(db: Database) -> None:
    """Made from its schema.sql: an upgrade that adds a function or a table has to reach our migration too."""
    import re

    from procrastinate.schema import SchemaManager

    shipped = SchemaManager.get_schema()
    async with db.as_service() as connection:
        functions = await (
            await connection.execute(
                """select p.proname, p.proconfig from pg_proc p
                     join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'procrastinate'"""
            )
        ).fetchall()
        tables = await (
            await connection.execute("select tablename from pg_tables where schemaname = 'procrastinate' order by 1")
        ).fetchall()
    assert {row["proname"] for row in functions} == set(re.findall(r"CREATE FUNCTION (\w+)", shipped))
    assert all("search_path=procrastinate, pg_catalog, pg_temp" in row["proconfig"] for row in functions)
    assert [row["tablename"] for row in tables] == sorted(re.findall(r"CREATE TABLE (\w+)", shipped))
