"""A database as Supabase hands it over: its API's roles, its default grants on `public`, its extensions schema.

Source: supabase/postgres, migrations/db/init-scripts (20230201… initial schema) and its documentation of roles.
"""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import sql
from tests.support.postgres import TestDatabase, on_database, run_as_owner

from insta_voice.db import migrate
from insta_voice.stack.postgres import EmbeddedPostgres

DATABASE = "supabase"
OWNER = "supabase_postgres"  # Supabase's `postgres`: no superuser, but BYPASSRLS and CREATEROLE
_PASSWORD = "only-for-this-cluster"
_API_ROLES = ("anon", "authenticated", "service_role")


@pytest.fixture(scope="session")
async def supabase(postgres: EmbeddedPostgres) -> AsyncIterator[TestDatabase]:
    """Migrated by an owner like Supabase's. `url` and `admin_url` are the same login there."""
    # fmt: off
    await run_as_owner(postgres, sql.SQL(
        "create role {} login createrole createdb bypassrls noinherit password {}"
    ).format(sql.Identifier(OWNER), sql.Literal(_PASSWORD)))
    # fmt: on
    await run_as_owner(
        postgres, sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
    )  # fmt: skip
    superuser = on_database(postgres.admin_url, DATABASE)
    async with await psycopg.AsyncConnection.connect(superuser, autocommit=True) as connection:
        for role in ("anon", "authenticated"):
            await connection.execute(sql.SQL("create role {} nologin noinherit").format(sql.Identifier(role)))
        await connection.execute("create role service_role nologin noinherit bypassrls")
        await connection.execute("create role authenticator noinherit login")
        for role in _API_ROLES:
            name = sql.Identifier(role)
            await connection.execute(sql.SQL("grant {} to authenticator").format(name))
            await connection.execute(sql.SQL("grant usage on schema public to {}").format(name))
            for kind in ("tables", "functions", "sequences"):
                await connection.execute(
                    sql.SQL("alter default privileges for role {} in schema public grant all on {} to {}").format(
                        sql.Identifier(OWNER), sql.SQL(kind), name
                    )
                )
        await connection.execute("create schema extensions")
        await connection.execute("grant usage on schema extensions to public")
        await connection.execute(sql.SQL("alter schema public owner to {}").format(sql.Identifier(OWNER)))
        for extension in ("vector", "pg_trgm", "unaccent"):  # there its owner may; here it takes a superuser
            await connection.execute(
                sql.SQL("create extension {} with schema extensions").format(sql.Identifier(extension))
            )
        # Our cluster's roles were made by its superuser; on Supabase the owner makes them itself.
        for role in ("insta_app", "insta_jobs"):
            await connection.execute(
                sql.SQL("grant {} to {} with admin option").format(sql.Identifier(role), sql.Identifier(OWNER))
            )
    url = f"postgresql://{OWNER}:{_PASSWORD}@127.0.0.1:{postgres.port}/{DATABASE}"
    await migrate(url)
    yield TestDatabase(url, superuser)
    # fmt: off
    await run_as_owner(postgres, sql.SQL("drop database {} with (force)").format(sql.Identifier(DATABASE)))
    # fmt: on
