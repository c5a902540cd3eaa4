"""What was promised is done in the end: a help desk that was down for a night gets that night's tickets."""

from collections.abc import AsyncIterator

import pytest
from procrastinate import App
from tests.support.endpoint import answer, serving_endpoint
from tests.support.left_undone import give_up, leave_undone
from tests.support.settings import settings_from

from insta_voice.calls import get_any_call, get_ticket
from insta_voice.db import Database
from insta_voice.db.outbox import enqueue
from insta_voice.db.service_pool import ServicePool
from insta_voice.jobs import left_undone
from insta_voice.jobs.app import build_app
from insta_voice.jobs.left_undone import enqueue_left_undone
from insta_voice.settings import Settings

DESK = settings_from({"TICKET_WEBHOOK_URL": "http://127.0.0.1:9/", "TICKET_WEBHOOK_SECRET": "s3cret"})


async def jobs(db: Database) -> list[tuple[str, str, str]]:
    """Task, status and lock of every job but those that come by the clock, which may come at any moment."""
    async with db.as_service() as connection:
        found = await connection.execute(
            "select task_name, status::text, lock from procrastinate_jobs where not args ? 'timestamp' order by id"
        )
        return [(row["task_name"], row["status"], row["lock"]) for row in await found.fetchall()]


async def test_what_gave_up_is_enqueued_once_more(db: Database) -> None:
    ticket_id, erasure_id, call_id = await leave_undone(db, age="11 minutes")
    assert await enqueue_left_undone(db, DESK, has_model=False) == 0  # their first jobs are still at it
    await give_up(db)
    assert await enqueue_left_undone(db, DESK, has_model=False) == 3
    again = [
        ("deliver_ticket", "todo", f"ticket:{ticket_id}"),
        ("erase_person", "todo", f"erasure:{erasure_id}"),
        ("summarize_call", "todo", f"call:{call_id}"),
    ]
    assert await jobs(db) == again  # and those that gave up are forgotten
    assert await enqueue_left_undone(db, DESK, has_model=False) == 0
    assert await jobs(db) == again


async def test_what_is_new_has_its_first_job(db: Database) -> None:
    await leave_undone(db, age="9 minutes")
    await give_up(db)
    assert await enqueue_left_undone(db, DESK, has_model=False) == 0


async def test_where_tickets_go_nowhere_they_are_left_alone(db: Database) -> None:
    await leave_undone(db, age="1 day")
    await give_up(db)
    assert await enqueue_left_undone(db, settings_from({}), has_model=False) == 2
    assert {task for task, _, _ in await jobs(db)} == {"erase_person", "summarize_call"}


async def test_one_look_takes_so_many_and_the_next_the_rest(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_undone, "_AT_ONCE", 2)
    await leave_undone(db, age="1 day")
    async with db.as_service() as connection:
        await connection.execute(
            """insert into tickets (user_id, call_id, key, subject, briefing, created_at)
               select user_id, call_id, n::text, subject, briefing, created_at from tickets, generate_series(1, 3) n"""
        )
        await connection.execute("delete from procrastinate_jobs")
    assert await enqueue_left_undone(db, DESK, has_model=False) == 2 + 2
    assert await enqueue_left_undone(db, DESK, has_model=False) == 2
    assert await enqueue_left_undone(db, DESK, has_model=False) == 0


async def test_another_job_that_gave_up_is_kept_for_a_day(db: Database) -> None:
    async with db.as_service() as connection:
        await enqueue(connection, "end_room", room_name="call-1")
    await give_up(db)
    await enqueue_left_undone(db, DESK, has_model=False)
    assert [task for task, _, _ in await jobs(db)] == ["end_room"]
    async with db.as_service() as connection:
        await connection.execute("update procrastinate_events set at = now() - interval '25 hours'")
    await enqueue_left_undone(db, DESK, has_model=False)
    assert await jobs(db) == []


@pytest.fixture
async def app(db: Database, database_url: str) -> AsyncIterator[App]:
    async with serving_endpoint(answer("", "204 No Content")) as desk, ServicePool(database_url) as pool:
        built = build_app(db, desk_at(desk.url), None)
        await built.open_async(pool)
        yield built


def desk_at(url: str) -> Settings:
    return settings_from({"TICKET_WEBHOOK_URL": url, "TICKET_WEBHOOK_SECRET": "s3cret"})


async def test_everything_is_done_when_the_desk_is_back(db: Database, app: App) -> None:
    ticket_id, _, call_id = await leave_undone(db, age="9 hours")
    await give_up(db)
    await app.configure_task("resume_left_undone").defer_async(timestamp=0)
    await app.run_worker_async(wait=False)
    await app.run_worker_async(wait=False)
    assert (await get_ticket(db, ticket_id)).status == "delivered"
    assert (await get_any_call(db, call_id)).summary is not None
    async with db.as_service() as connection:
        left = await (
            await connection.execute("select count(*) as n from erasures where finished_at is null")
        ).fetchone()
    assert left == {"n": 0}
    assert await jobs(db) == []
