"""A pool of connections, and the two ways to use one: as a user, or as the service that works for all of them.

Nothing here keeps state in a session, so it works through pgbouncer and Supabase's pooler in transaction mode.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, LiteralString, Self

import psycopg
from psycopg.rows import DictRow, Row, dict_row
from psycopg_pool import AsyncConnectionPool

from insta_voice.db.queries import Queries
from insta_voice.errors import DataRefusedError, DBDriverError

Connection = psycopg.AsyncConnection[DictRow]

ENTER = Queries.load("insta_voice.db", "database.sql")["enter"]
CONNECT_KWARGS: dict[str, Any] = {
    "row_factory": dict_row,
    "prepare_threshold": None,  # a transaction pooler gives the next statement to another server
    "connect_timeout": 5,  # libpq takes whole seconds
    "application_name": "insta-voice",
    # A server that vanished without a word (a pulled cable, a failed-over pooler) is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds; Linux only, ignored elsewhere
}
# A pool that cannot connect waits 1, 2, 4 … seconds between attempts. Giving up early and starting anew with the
# next request keeps the wait after an outage near one second instead of half of the outage.
RECONNECT_TIMEOUT_S = 2.0
# A healthy server cancels a query within milliseconds. psycopg gives one that hangs 10 s, and whoever had a timeout
# around the query, a caller in the end, waits for it.
_CANCELLED_WITHIN_S = 0.5


class PatientConnection(psycopg.AsyncConnection[Row]):
    """Gives itself up when a query is cancelled and the server does not hear of it."""

    async def cancel_safe(self, *, timeout: float = _CANCELLED_WITHIN_S) -> None:
        """Cancel what is under way; psycopg.Error, and a closed connection, when that takes too long."""
        try:
            await super().cancel_safe(timeout=min(timeout, _CANCELLED_WITHIN_S))
        except psycopg.Error:
            self.pgconn.finish()
            raise


class Database:
    """A pool of at most `max_size` connections; waiting longer than `connect_timeout_s` for one is a DBDriverError,
    and so is a transaction that takes longer than `answer_within_s`, where that is given.
    """

    def __init__(
        self, url: str, *, max_size: int = 10, connect_timeout_s: float = 5.0, answer_within_s: float | None = None
    ) -> None:
        self._max_size = max_size
        self._answer_within_s = answer_within_s
        self._pool = AsyncConnectionPool[Connection](
            url,
            connection_class=PatientConnection[DictRow],
            min_size=1,
            max_size=max_size,
            timeout=connect_timeout_s,
            reconnect_timeout=RECONNECT_TIMEOUT_S,
            open=False,
            name="insta-voice",
            kwargs=CONNECT_KWARGS,
        )

    async def open(self) -> None:
        """Start connecting. Returns at once: a database that is away is said by the first use."""
        await self._pool.open()

    async def close(self) -> None:
        """Close every connection; those in use when they are given back."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def as_user(self, user_id: str) -> AsyncIterator[Connection]:
        """One transaction as `user_id`: policies show and take this user's rows only."""
        async with self._transaction("insta_app", json.dumps({"sub": user_id})) as connection:
            yield connection

    @asynccontextmanager
    async def as_service(self) -> AsyncIterator[Connection]:
        """One transaction across users, for jobs, sweepers and what belongs to no one."""
        async with self._transaction("insta_jobs", "") as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, role: LiteralString, claims: str) -> AsyncIterator[Connection]:
        limit = asyncio.timeout(self._answer_within_s)
        try:
            async with limit:
                connection = await self._enter(role, claims)
                try:
                    yield connection
                    await connection.commit()
                except BaseException:
                    with suppress(psycopg.Error):
                        await connection.rollback()
                    raise
                finally:
                    await self._pool.putconn(connection)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise DBDriverError(detail=f"no answer within {self._answer_within_s:g} s") from error
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            # Values the database will refuse tomorrow too: trying again would only hold up what comes after them.
            raise DataRefusedError(detail=describe(error)) from error
        except psycopg.Error as error:
            raise DBDriverError(detail=describe(error)) from error

    async def _enter(self, role: LiteralString, claims: str) -> Connection:
        """A connection inside a transaction. Those that died with a restarted server are thrown away on the way."""
        for attempt in range(self._max_size + 1):
            connection = await self._pool.getconn()
            try:
                await connection.execute(ENTER, {"role": role, "claims": claims})
            except BaseException as error:
                if isinstance(error, psycopg.InternalError):
                    # A pooler whose server was cut can answer out of turn, and hangs up a moment later.
                    await connection.close()
                died = isinstance(error, psycopg.OperationalError | psycopg.InternalError) and connection.closed
                await self._pool.putconn(connection)
                if not died or attempt == self._max_size:
                    raise
            else:
                return connection
        raise AssertionError("the loop returns or raises")


def describe(error: psycopg.Error) -> str:
    """What a log may say of a driver's error: its class and SQLSTATE. Its message can hold what a row holds."""
    return f"{type(error).__name__} {error.sqlstate or ''}".strip()


_current: Database | None = None


def use_database(db: Database) -> None:
    """Make `db` this process's database, for functions called without one."""
    global _current
    _current = db


def current_database() -> Database:
    """This process's database; DBDriverError when the entry point has not set one."""
    if _current is None:
        raise DBDriverError(detail="no database in use: call use_database first")
    return _current
