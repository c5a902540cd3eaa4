"""The pool, its two roles, and what an application sees when Postgres goes away."""

from typing import LiteralString

import psycopg
import pytest

from insta_voice.db import Database
from insta_voice.errors import DBDriverError


async def test_as_user_sets_role_and_claims_for_one_transaction(db: Database) -> None:
    async with db.as_user("ada") as connection:
        row = await (await connection.execute("select current_user as role, insta.current_user_id() as id")).fetchone()
    assert row == {"role": "insta_app", "id": "ada"}
    async with db.as_service() as connection:
        row = await (await connection.execute("select current_user as role, insta.current_user_id() as id")).fetchone()
    assert row == {"role": "insta_jobs", "id": None}


async def test_a_driver_error_becomes_ours_without_its_data(db: Database) -> None:
    with pytest.raises(DBDriverError) as caught:
        async with db.as_user("secret@example.org") as connection:
            await connection.execute("select 'secret@example.org'::integer")
    assert caught.value.detail == "InvalidTextRepresentation 22P02"
    assert isinstance(caught.value.__cause__, psycopg.Error)


@pytest.mark.parametrize(
    ("statement", "retryable"),
    [
        ("select 'x'::integer", False),
        ("insert into agent_workers (name, calls, capacity) values (null, 0, 1)", False),
        ("select pg_terminate_backend(pg_backend_pid())", True),
    ],
)
async def test_what_is_refused_for_its_values_is_not_worth_another_try(
    db: Database, statement: LiteralString, retryable: bool
) -> None:
    with pytest.raises(DBDriverError) as caught:
        async with db.as_service() as connection:
            await connection.execute(statement)
    assert caught.value.retryable is retryable


async def test_an_error_undoes_the_transaction(db: Database) -> None:
    async def fail_after_writing() -> None:
        async with db.as_service() as connection:
            await connection.execute("insert into agent_workers (name, calls, capacity) values ('a', 0, 1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_after_writing()
    async with db.as_service() as connection:
        assert await (await connection.execute("select * from agent_workers")).fetchall() == []
