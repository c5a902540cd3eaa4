"""Migrations are applied once, in order, by one start at a time, and written down where `supabase db push` looks."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.support.postgres import TestDatabase, on_database, run_as_owner

from insta_voice.db import migrate
from insta_voice.db.migrations import applied_versions, read_migrations
from insta_voice.errors import ConfigurationError, DBDriverError
from insta_voice.stack.postgres import EmbeddedPostgres


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The owner's address of a database nobody has migrated."""
    name = f"empty_{uuid.uuid4().hex}"
    await run_as_owner(postgres, sql.SQL("create database {}").format(sql.Identifier(name)))
    yield on_database(postgres.admin_url, name)
    await run_as_owner(postgres, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def write(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        (directory / f"{name.removeprefix('v')}.sql").write_text(text)
    return directory


async def rows(url: str, query: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(query)).fetchall()  # type: ignore[call-overload,no-any-return]


async def test_five_starts_at_once_apply_everything_once(empty: str) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(5)))
    names = [f"{migration.version}_{migration.name}" for migration in read_migrations()]
    assert sorted(applied, key=len) == [[], [], [], [], names]
    recorded = await rows(
        empty, "select version, name, statements[1] from supabase_migrations.schema_migrations order by 1"
    )
    assert recorded == [(one.version, one.name, one.sql) for one in read_migrations()]


def test_supabase_can_send_them_in_a_pipeline() -> None:
    """`supabase db push` does, and there Postgres refuses a lock outside of a block (25P01)."""
    assert [
        one.version for one in read_migrations() if re.search(r"^lock\b", one.sql, re.IGNORECASE | re.MULTILINE)
    ] == []


async def test_what_supabase_applied_is_not_applied_again(empty: str, tmp_path: Path) -> None:
    write(tmp_path, v20260101000000_one="create table one ()", v20260102000000_two="create table two ()")
    async with await psycopg.AsyncConnection.connect(empty) as connection:
        await connection.execute("create schema supabase_migrations")
        await connection.execute(
            "create table supabase_migrations.schema_migrations"
            " (version text primary key, statements text[], name text)"
        )
        await connection.execute("insert into supabase_migrations.schema_migrations values ('20260101000000')")
    assert await migrate(empty, tmp_path) == ["20260102000000_two"]
    assert await rows(empty, "select to_regclass('one')") == [(None,)]


async def test_a_failing_file_leaves_nothing_of_itself(empty: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        v20260101000000_good="create table good ()",
        v20260102000000_bad="create table half (); select 1/0",
    )
    with pytest.raises(DBDriverError, match="division by zero"):
        await migrate(empty, tmp_path)
    assert await rows(empty, "select to_regclass('good')::text, to_regclass('half')::text") == [("good", None)]
    assert await rows(empty, "select version from supabase_migrations.schema_migrations") == [("20260101000000",)]


async def test_a_file_outside_a_transaction(empty: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        v20260101000000_table="create table big (n int)",
        v20260102000000_index="-- no-transaction\ncreate index concurrently big_n on big (n)",
    )
    assert len(await migrate(empty, tmp_path)) == 2
    assert await migrate(empty, tmp_path) == []


async def test_a_misnamed_file_is_said(tmp_path: Path) -> None:
    write(tmp_path, v1_short="select 1")
    with pytest.raises(ConfigurationError, match=r"1_short\.sql"):
        read_migrations(tmp_path)


async def test_status_is_known_to_any_login_of_ours(database: TestDatabase, empty: str) -> None:
    expected = [migration.version for migration in read_migrations()]
    assert await applied_versions(database.url) == expected
    assert await applied_versions(database.admin_url) == expected
    assert await applied_versions(empty) == []
