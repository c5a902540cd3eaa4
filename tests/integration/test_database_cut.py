"""A pooler that is cut off from Postgres says something out of turn and hangs up. The next connection is taken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from insta_voice.db import Database

READY = b"Z\x00\x00\x00\x05I"  # ReadyForQuery, before any result


class Pooler:
    """Passes everything on, until it is cut."""

    def __init__(self, behind: str) -> None:
        self._behind = urlsplit(behind)
        self._ends: set[asyncio.Task[None]] = set()
        self._port = 0
        self.cut = 0  # answers from now on that come out of turn

    @property
    def url(self) -> str:
        return self._behind._replace(netloc=f"{self._behind.netloc.rpartition(':')[0]}:{self._port}").geturl()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Pooler"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1")
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()
            for end in self._ends:
                end.cancel()

    async def _serve(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self._behind.hostname, self._behind.port)
        answering = asyncio.create_task(_pass_on(from_server, to_client))
        self._ends.add(answering)
        with suppress(ConnectionError):
            while said := await from_client.read(65_536):
                if self.cut:
                    self.cut -= 1
                    to_client.write(READY)
                    await to_client.drain()
                    break
                to_server.write(said)
        answering.cancel()
        to_server.close()
        to_client.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while said := await reader.read(65_536):
            writer.write(said)


async def test_an_answer_out_of_turn_is_asked_again(database_url: str) -> None:
    async with Pooler(database_url).open() as pooler, Database(pooler.url) as db:
        for cut in (0, 1):
            pooler.cut = cut
            async with db.as_service() as connection:
                await connection.execute("select 1")
    assert pooler.cut == 0
