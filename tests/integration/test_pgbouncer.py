"""Everything works through a pooler in transaction mode, where the next transaction has another server connection:
no prepared statement, no LISTEN and no setting of a session may be relied on.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.pgbouncer import pooled
from tests.support.poll import eventually_async
from tests.support.postgres import TestDatabase
from tests.support.records import LIMITS, TTL, ensure_profile, make_call, make_user, turn

from insta_voice.calls import close_call, get_any_call, get_call, record_turn, reserve_call
from insta_voice.customers import get_profile, last_summary
from insta_voice.db import Database, migrate
from insta_voice.db.migrations import applied_versions, read_migrations
from insta_voice.db.service_pool import ServicePool
from insta_voice.jobs.app import build_app
from insta_voice.settings import Settings


@pytest.fixture
async def pooler_url(database_url: str) -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory() as directory:
        async with pooled(database_url, Path(directory)) as url:
            yield url


@pytest.fixture
async def pooled_db(pooler_url: str) -> AsyncIterator[Database]:
    async with Database(pooler_url, max_size=10) as opened:
        yield opened


async def test_many_users_at_once_never_see_each_other(pooled_db: Database) -> None:
    """Two server connections for ten clients: a role or a claim left behind would show."""
    people = [f"user{n}" for n in range(10)]

    async def sign_in_and_look(user_id: str) -> None:
        for _ in range(8):  # more often than psycopg's threshold for preparing a statement
            made = await ensure_profile(pooled_db, user_id=user_id, email=None, name=user_id, email_verified=True)
            assert made.user_id == user_id
            async with pooled_db.as_user(user_id) as connection:
                rows = await (await connection.execute("select user_id from user_profiles")).fetchall()
            assert rows == [{"user_id": user_id}]

    await asyncio.gather(*(sign_in_and_look(person) for person in people))


async def test_limits_hold_through_the_pooler(pooled_db: Database) -> None:
    user = await make_user(pooled_db)
    given = await asyncio.gather(*(reserve_call(pooled_db, user_id=user, limits=LIMITS, ttl=TTL) for _ in range(20)))
    assert len({reservation.call_id for reservation in given}) == 1


async def test_a_call_its_job_and_its_summary(pooled_db: Database, pooler_url: str) -> None:
    call_id = await make_call(pooled_db)
    for number in range(1, 8):
        await record_turn(pooled_db, call_id=call_id, user_id="maya", turn=turn(number))
    assert len((await get_call(pooled_db, "maya", call_id)).turns) == 7
    async with ServicePool(pooler_url) as pool:
        app = build_app(pooled_db, Settings(), None)
        await app.open_async(pool)
        worker = asyncio.create_task(app.run_worker_async(), name="worker behind the pooler")
        await close_call(pooled_db, call_id=call_id, reason="hung_up")

        async def summarised() -> bool:
            return (await get_any_call(pooled_db, call_id)).summary is not None

        await eventually_async(summarised, within_s=10, what="the job behind the pooler has run")
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    assert await last_summary(pooled_db, "maya") is not None


async def test_migrations_go_through_the_pooler(database: TestDatabase) -> None:
    with tempfile.TemporaryDirectory() as directory:
        async with pooled(database.admin_url, Path(directory)) as url:
            assert await migrate(url) == []
            assert await applied_versions(url) == [migration.version for migration in read_migrations()]


async def test_a_pooler_whose_server_connections_were_cut_is_used_on(
    pooled_db: Database, database: TestDatabase
) -> None:
    await make_user(pooled_db)
    async with Database(database.admin_url, max_size=1) as owner, owner.as_service() as connection:
        await connection.execute("reset role")
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert await get_profile(pooled_db, "maya") is not None
