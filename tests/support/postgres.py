"""A real Postgres for tests: one cluster a session, one migrated template, a database as new for each test."""

import socket
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
from psycopg import sql
from tests.support.clean import Rows, make_clean, read_rows

from insta_voice.db import Database, migrate
from insta_voice.stack.postgres import LOGIN, EmbeddedPostgres, running

TEMPLATE = "template_migrated"


@dataclass(slots=True)
class TestDatabase:
    """One test's database. `url` is what parts log in with, `admin_url` the owner's.

    Parts can change rows and no more; whoever has asked for the owner's address may have changed anything.
    """

    __test__: ClassVar[bool] = False
    url: str
    owner_url: str = field(repr=False)
    handed_over: bool = field(default=False, init=False)

    @property
    def admin_url(self) -> str:
        self.handed_over = True
        return self.owner_url


@dataclass
class Databases:
    """Gives databases out, and takes them back when only their rows have changed."""

    server: EmbeddedPostgres
    template: str
    rows_of_template: Rows
    _idle: list[TestDatabase] = field(default_factory=list)

    async def take(self) -> TestDatabase:
        """One as migrations leave it."""
        if self._idle:
            return self._idle.pop()
        name = f"test_{uuid.uuid4().hex}"
        clone = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(self.template))
        await run_as_owner(self.server, clone)
        return TestDatabase(on_database(self.server.url, name), on_database(self.server.admin_url, name))

    async def give_back(self, database: TestDatabase) -> None:
        """After its test."""
        if database.handed_over:
            name = sql.Identifier(database.owner_url.rsplit("/", 1)[1])
            await run_as_owner(self.server, sql.SQL("drop database {} with (force)").format(name))
        else:
            await make_clean(database.owner_url, self.rows_of_template)
            self._idle.append(database)


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def on_database(url: str, database: str) -> str:
    """The same server and login, another database."""
    return f"{url.rsplit('/', 1)[0]}/{database}"


async def run_as_owner(server: EmbeddedPostgres, statement: sql.Composable) -> None:
    """One statement on the server's own database, outside a transaction."""
    url = on_database(server.admin_url, "postgres")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(statement)


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    """The session's server, started as `insta-voice up` starts it, but for fsync: nobody keeps these databases."""
    directory: Path = tmp_path_factory.mktemp("postgres") / "data"
    async with running(directory, free_port(), settings={"fsync": "off"}) as server:
        yield server


@pytest.fixture(scope="session")
async def template(postgres: EmbeddedPostgres) -> str:
    """The name of a database with every migration applied, to be cloned."""
    await run_as_owner(postgres, sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
    await migrate(on_database(postgres.admin_url, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
async def databases(postgres: EmbeddedPostgres, template: str) -> Databases:
    """Where tests get theirs."""
    return Databases(postgres, template, await read_rows(on_database(postgres.admin_url, template)))


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[TestDatabase]:
    """A migrated database for the test alone."""
    taken = await databases.take()
    yield taken
    await databases.give_back(taken)


@pytest.fixture
async def database_url(database: TestDatabase) -> str:
    """The address parts log in with; its role can only become insta_app or insta_jobs."""
    return database.url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An open `Database` on the test's own database."""
    async with Database(database_url) as opened:
        yield opened


__all__ = ["LOGIN", "TestDatabase", "database", "database_url", "databases", "db", "postgres", "template"]
