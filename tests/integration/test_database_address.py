"""Where a command finds its database when `insta-voice up` does not run: started for it, migrated, stopped again."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from insta_voice.settings import Settings
from insta_voice.stack.embedded import database_address
from insta_voice.stack.lock import DataDirLock
from insta_voice.stack.up_file import Addresses, write_up_file


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("INSTA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)  # no .env of a developer
    return Settings()


async def test_it_is_started_migrated_and_stopped(settings: Settings) -> None:
    async with database_address(settings) as url, await psycopg.AsyncConnection.connect(url) as connection:
        found = await (await connection.execute("select count(*) from user_profiles")).fetchone()
        assert found == (0,)
    with pytest.raises(psycopg.OperationalError):
        await psycopg.AsyncConnection.connect(url, connect_timeout=2)


async def test_two_commands_take_turns(settings: Settings) -> None:
    order: list[str] = []

    async def second() -> None:
        async with database_address(settings):
            order.append("second")

    async with database_address(settings):
        waiting = asyncio.create_task(second())
        done, _ = await asyncio.wait({waiting}, timeout=0.5)  # several polls of the lock
        assert not done
        order.append("first")
    await waiting
    assert order == ["first", "second"]


async def test_a_configured_database_is_used_as_it_is(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    async with database_address(Settings()) as url:
        assert url == "postgresql://elsewhere/db"


async def test_that_of_a_running_up_is_used(settings: Settings) -> None:
    data_dir = settings.service.data_dir
    data_dir.mkdir()
    up = DataDirLock(data_dir)
    assert up.try_acquire("up") is None
    try:
        write_up_file(data_dir, Addresses("http://x", "ws://x", "postgresql://running/db", None, None, ()))
        async with database_address(settings) as url:
            assert url == "postgresql://running/db"
    finally:
        up.release()
