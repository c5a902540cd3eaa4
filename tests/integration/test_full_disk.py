"""A disk that fills while everything runs: Postgres ends, the log says why, and nothing acknowledged is lost."""

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from tests.support.poll import eventually_async
from tests.support.settings import complete_settings

from insta_voice.stack.guard import Guardian
from insta_voice.stack.installation import plan_installation
from insta_voice.stack.lock import DataDirLock
from insta_voice.stack.logs import LogStream
from insta_voice.stack.machine import disk_sentence
from insta_voice.stack.ports import Ports
from insta_voice.stack.supervisor import Supervisor

DISK_MB = 160  # a new cluster takes 60, its log grows in pieces of 16


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of its own, outside pytest's directories: Postgres is another user, whom they are closed to."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o711)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0711", "tmpfs", str(place)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("a disk of one's own takes root and mount(8)")
        try:
            yield place
        finally:
            subprocess.run(["umount", str(place)], check=True)


@asynccontextmanager
async def running(data_dir: Path, log: io.StringIO) -> AsyncIterator[str]:
    """The embedded database as `up` runs it; its owner's address."""
    settings = complete_settings(INSTA_ENV="development", DATABASE_URL=None, VOICE_SPEECH_URL="http://127.0.0.1:9")
    installation = plan_installation(settings, data_dir, Ports(data_dir / "ports.json"))
    parts = [part for part in installation.parts if part.name == "postgres"]
    lock = DataDirLock(data_dir)
    lock.acquire("up", wait_s=0)
    guardian = await Guardian.start(lock_fd=lock.fd, forget=data_dir / "up.json")
    supervisor = Supervisor(parts, LogStream(log), guardian, trouble=lambda: disk_sentence(data_dir))
    try:
        supervisor.start()
        await supervisor.ready("postgres")
        yield installation.addresses.database_url
    finally:
        await supervisor.stop()
        await guardian.stop()
        lock.release()


async def write_until_it_ends(url: str) -> int:
    """Writes rows, each acknowledged before the next, and much into the log of the database between them, until it
    answers no more; how many rows.
    """
    written = 0
    try:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute("create table kept (number int)")
            while True:
                await connection.execute("insert into kept values (%s)", [written])
                written += 1
                await connection.execute("select pg_logical_emit_message(false, 'filling', repeat('x', 100000))")
    except psycopg.Error:
        return written


async def test_a_disk_that_fills_is_said_and_what_was_acknowledged_is_there_when_it_has_room(disk: Path) -> None:
    log = io.StringIO()
    async with running(disk, log) as url:
        ballast = disk / "ballast"
        ballast.write_bytes(b"\0" * (shutil.disk_usage(disk).free - 4 * 1024**2))
        written = await write_until_it_ends(url)

        async def said() -> bool:
            return f"The disk of {disk} is full" in log.getvalue()

        await eventually_async(said, within_s=20, what="the sentence on the disk")
        assert "postgres ended with exit code 1; starting it again in 0.5 s." in log.getvalue()
        ballast.unlink()

        async def kept() -> list[int] | None:
            try:
                async with await psycopg.AsyncConnection.connect(url) as connection:
                    rows = await (await connection.execute("select number from kept order by number")).fetchall()
            except psycopg.OperationalError:
                return None
            return [number for (number,) in rows]

        found = await eventually_async(kept, within_s=30, what="the database again")
    assert written > 10
    assert found[:written] == list(range(written))
