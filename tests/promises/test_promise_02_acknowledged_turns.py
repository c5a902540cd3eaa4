"""Promises 1 and 2, the side of the database: a turn is there when writing it has returned, and kill -9 of Postgres
loses no turn that was acknowledged.
"""

import asyncio
from pathlib import Path

from tests.support.postgres import free_port
from tests.support.records import make_call, turn

from insta_voice.calls import get_call, record_turn
from insta_voice.db import Database, migrate
from insta_voice.errors import DBDriverError
from insta_voice.stack.postgres import EmbeddedPostgres


async def test_no_acknowledged_turn_is_lost_when_postgres_is_killed(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", free_port())

    async def start() -> asyncio.subprocess.Process:
        await asyncio.to_thread(server.prepare)
        process = await asyncio.create_subprocess_exec(*server.command(), env=server.env(), cwd="/")
        await server.wait_ready(20)
        return process

    postgres = await start()
    try:
        await migrate(server.admin_url)
        async with Database(server.url, connect_timeout_s=1) as db:
            call_id = await make_call(db)
            acknowledged: list[int] = []
            in_flight = turn(1)

            async def talk() -> None:
                while True:
                    number = len(acknowledged) + 1
                    nonlocal in_flight
                    in_flight = turn(number, f"said {number}")
                    await record_turn(db, call_id=call_id, user_id="maya", turn=in_flight)
                    acknowledged.append(number)
                    if number == 20:
                        postgres.kill()  # while the next turns are being written

            talking = asyncio.create_task(talk(), name="talk")
            await asyncio.wait([talking])
            assert isinstance(talking.exception(), DBDriverError)
            await postgres.wait()
            postgres = await start()
            kept = [said.number for said in (await get_call(db, "maya", call_id)).turns]
            assert len(acknowledged) >= 20
            # The one in flight may have arrived without its acknowledgement; writing it again is harmless.
            assert kept in (acknowledged, [*acknowledged, len(acknowledged) + 1])
            number = await record_turn(db, call_id=call_id, user_id="maya", turn=in_flight)
            assert number == len(acknowledged) + 1
    finally:
        if postgres.returncode is None:
            postgres.terminate()
        await postgres.wait()
