"""A real Postgres for tests: one cluster a session, one migrated template, one database cloned for each test."""

import socket
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from insta_voice.db import Database, migrate
from insta_voice.stack.postgres import LOGIN, EmbeddedPostgres, running

TEMPLATE = "template_migrated"


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """One test's database. `url` is what parts log in with, `admin_url` the owner's."""

    __test__ = False
    url: str
    admin_url: str


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


@pytest.fixture
async def database(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[TestDatabase]:
    """A migrated database of the test's own; cloning it takes some 40 ms."""
    name = f"test_{uuid.uuid4().hex}"
    await run_as_owner(
        postgres,
        sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)),
    )
    yield TestDatabase(on_database(postgres.url, name), on_database(postgres.admin_url, name))
    await run_as_owner(postgres, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
async def database_url(database: TestDatabase) -> str:
    """The address parts log in with; its role can only become insta_app or insta_jobs."""
    return database.url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An open `Database` on the test's own database."""
    async with Database(database_url) as opened:
        yield opened


__all__ = ["LOGIN", "TestDatabase", "database", "database_url", "db", "postgres", "template"]
