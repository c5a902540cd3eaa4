"""A Postgres that hangs: it takes connections and answers nothing. Nobody waits for it longer than they meant to."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from tests.support.postgres import free_port

from insta_voice.db import Database, migrate
from insta_voice.errors import DBDriverError
from insta_voice.stack.postgres import EmbeddedPostgres, running

MEANT_S = 0.5
AT_MOST_S = 3.0  # psycopg alone takes ten seconds more than was meant


class Server:
    """One of its own, which the test may stop."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.url = server.url
        pid = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])
        self._processes = [psutil.Process(pid)]

    def hang(self) -> None:
        self._processes += self._processes[0].children(recursive=True)
        for process in self._processes:
            with suppress(psutil.NoSuchProcess):  # a worker of the server's own may end at any time
                process.suspend()

    def go_on(self) -> None:
        for process in self._processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


@pytest.fixture(scope="module")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    folder: Path = tmp_path_factory.mktemp("hanging") / "postgres"
    async with running(folder, free_port(), settings={"fsync": "off"}) as server:
        await migrate(server.admin_url)
        yield server


@pytest.fixture
def server(own: EmbeddedPostgres) -> Iterator[Server]:
    hanging = Server(own)
    yield hanging
    hanging.go_on()


async def _ask(db: Database) -> None:
    async with db.as_service() as connection:
        await connection.execute("select 1")


async def test_a_timeout_around_a_query_is_kept(server: Server) -> None:
    async with Database(server.url) as db:
        await _ask(db)
        server.hang()
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(MEANT_S):
                await _ask(db)
        assert time.monotonic() - began < AT_MOST_S
        server.go_on()
        await _ask(db)


async def test_a_transaction_takes_no_longer_than_it_may(server: Server) -> None:
    async with Database(server.url, answer_within_s=MEANT_S) as db:
        await _ask(db)
        server.hang()
        began = time.monotonic()
        with pytest.raises(DBDriverError) as caught:
            await _ask(db)
        assert time.monotonic() - began < AT_MOST_S
        assert caught.value.retryable
        server.go_on()
        await _ask(db)


async def test_somebody_elses_timeout_is_not_taken_for_ours(server: Server) -> None:
    async with Database(server.url, answer_within_s=60) as db:
        with pytest.raises(TimeoutError):
            async with db.as_service():
                raise TimeoutError


async def test_a_server_that_hangs_is_told_from_one_that_is_full(own: EmbeddedPostgres, server: Server) -> None:
    """The supervisor kills what does not answer: a refusal is an answer."""
    async with asyncio.timeout(5):
        await own.still_answers()
    server.hang()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(MEANT_S):
            await own.still_answers()
