"""`insta-voice jobs` as a process: says when it is ready, outlives the database, ends in time."""

import asyncio
import time
from pathlib import Path

from tests.support.jobs_process import jobs_process, ready
from tests.support.poll import eventually_async
from tests.support.postgres import free_port
from tests.support.records import make_call, turn

from insta_voice.calls import close_call, get_any_call, record_turn
from insta_voice.db import Database, migrate
from insta_voice.errors import DBDriverError
from insta_voice.stack.postgres import EmbeddedPostgres


async def summarised(db: Database) -> None:
    """A call that ends now has its summary soon."""
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    await close_call(db, call_id=call_id, reason="hung_up")

    async def done() -> bool:
        try:
            return (await get_any_call(db, call_id)).summary is not None
        except DBDriverError:
            return False

    await eventually_async(done, within_s=8, what="the summary of a closed call")


async def test_it_runs_says_so_and_ends_within_eight_seconds(db: Database, database_url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with jobs_process(database_url, tmp_path, log) as (process, notify):
        await ready(notify)
        await summarised(db)
        started = time.monotonic()
        process.terminate()
        assert await process.wait() == 0
        assert time.monotonic() - started < 8
    assert "Traceback" not in log.read_text()
    assert "maya" not in log.read_text().lower()


async def test_it_outlives_a_killed_database(tmp_path_factory: object, tmp_path: Path) -> None:
    """Promise 2, for the job worker: whole again within 5 s of the database's return."""
    server = EmbeddedPostgres(tmp_path / "postgres", free_port())
    log = tmp_path / "log"

    async def start() -> asyncio.subprocess.Process:
        await asyncio.to_thread(server.prepare)
        process = await asyncio.create_subprocess_exec(*server.command(), env=server.env(), cwd="/")
        await server.wait_ready(20)
        return process

    postgres = await start()
    try:
        await migrate(server.admin_url)
        async with Database(server.url) as db, jobs_process(server.url, tmp_path, log) as (process, notify):
            await ready(notify)
            postgres.kill()
            await postgres.wait()

            async def noticed() -> bool:
                return "jobs wait for the database" in log.read_text()

            await eventually_async(noticed, within_s=15, what="the worker says that it waits")
            postgres = await start()
            await summarised(db)
            process.terminate()
            assert await process.wait() == 0
    finally:
        if postgres.returncode is None:
            postgres.terminate()
        await postgres.wait()
