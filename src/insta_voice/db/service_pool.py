"""A pool for code that takes plain connections, such as procrastinate: each comes as insta_jobs, in a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg.rows import DictRow
from psycopg_pool import AsyncConnectionPool

from insta_voice.db.database import CONNECT_KWARGS, ENTER, RECONNECT_TIMEOUT_S, Connection, PatientConnection


class ServicePool(AsyncConnectionPool[Connection]):
    """At most `max_size` connections; dead ones are replaced when they are asked for."""

    def __init__(self, url: str, *, max_size: int = 4, connect_timeout_s: float = 5.0) -> None:
        super().__init__(
            url,
            connection_class=PatientConnection[DictRow],
            min_size=1,
            max_size=max_size,
            timeout=connect_timeout_s,
            reconnect_timeout=RECONNECT_TIMEOUT_S,
            check=AsyncConnectionPool.check_connection,
            open=False,
            name="insta-voice-jobs",
            kwargs=CONNECT_KWARGS,
        )

    @asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[Connection]:
        """A connection whose transaction ends with the block."""
        async with super().connection(timeout) as connection:
            await connection.execute(ENTER, {"role": "insta_jobs", "claims": ""})
            yield connection
