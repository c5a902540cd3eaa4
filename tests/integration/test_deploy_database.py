"""deploy/compose/login.sql on a new server, as the Postgres image runs it: the parts' login works, and can no more."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from tests.support.poll import eventually_async
from tests.support.postgres import free_port
from tests.support.records import make_call, turn

from insta_voice.calls import get_call, record_turn
from insta_voice.db import Database, migrate
from insta_voice.stack.postgres import DATABASE, LOGIN, OWNER, EmbeddedPostgres, binaries

SCRIPT = Path(__file__).parents[2] / "deploy" / "compose" / "login.sql"


@pytest.fixture
async def untouched(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server on which nothing of ours was prepared: no role, no database but its own."""
    server = EmbeddedPostgres(tmp_path / "postgres", free_port(), settings={"fsync": "off"})
    await asyncio.to_thread(server.prepare)
    process = await asyncio.create_subprocess_exec(
        *server.command(), env=server.env(), cwd="/", stderr=asyncio.subprocess.DEVNULL
    )

    async def answers() -> bool:
        try:
            async with await psycopg.AsyncConnection.connect(on(server, "postgres"), autocommit=True) as connection:
                await connection.execute("create database insta_voice")
        except psycopg.OperationalError:
            return False
        return True

    await eventually_async(answers, within_s=30, what="the new server answers")
    yield server
    process.send_signal(signal.SIGINT)
    await process.wait()


def on(server: EmbeddedPostgres, database: str) -> str:
    return f"{server.admin_url.rsplit('/', 1)[0]}/{database}"


async def psql(server: EmbeddedPostgres, password_file: Path) -> tuple[int | None, str]:
    """The script as the image's entrypoint runs it. Gives the exit code and what was said."""
    program = shutil.which("psql", path=str(binaries()))
    assert program
    process = await asyncio.create_subprocess_exec(
        *(program, "-v", "ON_ERROR_STOP=1", "--no-psqlrc", "--dbname", on(server, DATABASE), "-f", str(SCRIPT)),
        env={**os.environ, "INSTA_LOGIN_PASSWORD_FILE": str(password_file)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_the_parts_work_with_the_login_the_image_makes(untouched: EmbeddedPostgres, tmp_path: Path) -> None:
    (tmp_path / "password").write_text('it\'s a "password"; drop role insta_app')
    assert await psql(untouched, tmp_path / "password") == (0, "CREATE ROLE\nCREATE ROLE\nCREATE ROLE\nGRANT ROLE\n")
    owner = on(untouched, DATABASE)
    assert OWNER in owner
    await migrate(owner)
    url = psycopg.conninfo.make_conninfo(owner, user=LOGIN, password=(tmp_path / "password").read_text())
    async with Database(url) as db:
        call_id = await make_call(db)
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
        assert len((await get_call(db, "maya", call_id)).turns) == 1
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for forbidden in (
            "select * from user_profiles",
            "create table mine ()",
            "alter table user_profiles no force row level security",
            "set role postgres",
            "alter role insta_login bypassrls",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(forbidden)  # type: ignore[call-overload]
