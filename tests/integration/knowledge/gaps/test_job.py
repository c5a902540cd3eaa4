"""The job that finds gaps: with the end of a call and with each word of its caller's on it, and its effect once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from procrastinate import App
from tests.support.gaps import answered, gaps, held_call
from tests.support.left_undone import give_up
from tests.support.records import make_call
from tests.support.settings import settings_from

from insta_voice.calls import rate_call
from insta_voice.db import Database
from insta_voice.db.service_pool import ServicePool
from insta_voice.jobs.app import build_app, retry_stalled_jobs
from insta_voice.jobs.left_undone import enqueue_left_undone
from insta_voice.jobs.tasks import find_gaps
from insta_voice.knowledge import Embedders, LocalEmbedder

SHOES = "do you sell shoes"
SETTINGS = settings_from({"LANGUAGES": "de,en"})


@pytest.fixture
async def app(db: Database, database_url: str, embedder: LocalEmbedder) -> AsyncIterator[App]:
    async with ServicePool(database_url) as pool:
        built = build_app(db, SETTINGS, None, Embedders(embedder))
        await built.open_async(pool)
        yield built


async def waiting(db: Database) -> list[dict[str, object]]:
    """What is still to be done of it."""
    async with db.as_service() as connection:
        found = await connection.execute(
            "select args, lock from procrastinate_jobs where task_name = 'find_gaps' and status = 'todo' order by id"
        )
        return await found.fetchall()


async def test_the_end_of_a_call_finds_its_gaps_in_the_companys_language(db: Database, app: App) -> None:
    call_id = await held_call(db, SHOES)
    assert await waiting(db) == [{"args": {"call_id": str(call_id)}, "lock": f"gaps:{call_id}"}]
    await app.run_worker_async(wait=False)
    assert [(gap.question, gap.language, gap.calls) for gap in await gaps(db)] == [(SHOES, "de", 1)]
    assert await waiting(db) == []


async def test_a_word_on_the_call_finds_them_anew(db: Database, app: App) -> None:
    call_id = await held_call(db, answered(SHOES))
    await app.run_worker_async(wait=False)
    assert await gaps(db) == []
    await rate_call(db, user_id="maya", call_id=call_id, solved=False, comment=None)
    await app.run_worker_async(wait=False)
    assert [gap.causes for gap in await gaps(db)] == [{"not_solved": 1}]


async def test_many_words_on_a_call_wait_for_one_job(db: Database, app: App) -> None:
    call_id = await held_call(db, answered(SHOES))
    await app.run_worker_async(wait=False)
    for solved in (False, True, False):
        await rate_call(db, user_id="maya", call_id=call_id, solved=solved, comment=None)
    assert len(await waiting(db)) == 1
    await app.run_worker_async(wait=False)
    assert [gap.causes for gap in await gaps(db)] == [{"not_solved": 1}]
    await rate_call(db, user_id="maya", call_id=call_id, solved=True, comment=None)
    assert len(await waiting(db)) == 1
    await app.run_worker_async(wait=False)
    assert await gaps(db) == []


async def test_words_at_the_same_moment_wait_for_one_job_too(db: Database, app: App) -> None:
    call_id = await held_call(db, answered(SHOES))
    await app.run_worker_async(wait=False)
    await asyncio.gather(
        *(rate_call(db, user_id="maya", call_id=call_id, solved=False, comment=None) for _ in range(5))
    )
    assert len(await waiting(db)) == 1


async def test_a_job_that_begins_with_a_word_reads_it(db: Database, app: App) -> None:
    """A word that is being written holds the job up that waits, so that nothing comes between the two."""
    call_id = await held_call(db, answered(SHOES))
    async with db.as_user("maya") as connection:
        found = await connection.execute("select insta.gaps_job_waits(%s) as waits", [call_id])
        assert await found.fetchone() == {"waits": True}
        await app.run_worker_async(wait=False)
        assert len(await waiting(db)) == 1
    await app.run_worker_async(wait=False)
    assert await waiting(db) == []


async def test_a_word_on_a_call_that_runs_waits_for_its_end(db: Database, app: App) -> None:
    call_id = await make_call(db)
    await rate_call(db, user_id="maya", call_id=call_id, solved=False, comment=None)
    await app.run_worker_async(wait=False)
    assert await gaps(db) == []


async def test_a_job_whose_worker_was_killed_is_done_by_another_once(
    db: Database, app: App, embedder: LocalEmbedder
) -> None:
    call_id = await held_call(db, SHOES)
    dead = await app.job_manager.register_worker()
    while (taken := await app.job_manager.fetch_job(queues=None, worker_id=dead)) is not None:
        if taken.task_name == "find_gaps":
            await find_gaps(db, SETTINGS, Embedders(embedder), call_id)  # it had done it, and could not say so any more
    async with db.as_service() as connection:
        await connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    assert await retry_stalled_jobs(app) >= 2
    await app.run_worker_async(wait=False)
    assert [(gap.calls, gap.questions) for gap in await gaps(db)] == [(1, 1)]


async def test_a_worker_without_a_model_leaves_them_to_one_with_it(db: Database, database_url: str) -> None:
    call_id = await held_call(db, SHOES)
    async with ServicePool(database_url) as pool:
        without = build_app(db, SETTINGS, None)
        await without.open_async(pool)
        await without.run_worker_async(wait=False)
    assert (await gaps(db), await waiting(db)) == ([], [])
    async with db.as_service() as connection:
        await connection.execute("update calls set ended_at = now() - interval '11 minutes'")
    assert await enqueue_left_undone(db, SETTINGS, has_model=False) == 0
    assert await enqueue_left_undone(db, SETTINGS, has_model=True) == 1
    assert [job["args"] for job in await waiting(db)] == [{"call_id": str(call_id)}]
    assert await enqueue_left_undone(db, SETTINGS, has_model=True) == 0


async def test_what_gave_up_is_done_after_all_and_then_left_alone(db: Database, app: App) -> None:
    call_id = await held_call(db, answered(SHOES))
    await app.run_worker_async(wait=False)
    await rate_call(db, user_id="maya", call_id=call_id, solved=False, comment=None)
    await give_up(db)
    async with db.as_service() as connection:
        await connection.execute("update calls set ended_at = now() - interval '20 minutes'")
        await connection.execute("update calls set gaps_found_at = now() - interval '19 minutes'")
        await connection.execute("update call_ratings set rated_at = now() - interval '11 minutes'")
    assert await enqueue_left_undone(db, SETTINGS, has_model=True) == 1
    await app.run_worker_async(wait=False)
    assert [gap.causes for gap in await gaps(db)] == [{"not_solved": 1}]
    assert await enqueue_left_undone(db, SETTINGS, has_model=True) == 0
