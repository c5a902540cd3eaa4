"""Articles that were there get postings that know who hears them: the same answers, and nothing in the way."""

import asyncio
from typing import Any

import psycopg
from psycopg.rows import dict_row
from tests.integration.test_backup import new_database
from tests.support.hearings import QUERIES, search_by_words
from tests.support.poll import eventually_async

from insta_voice.db import migrate
from insta_voice.db.migrations import read_migrations
from insta_voice.stack.postgres import EmbeddedPostgres

HEARINGS = "20261127052400"
OLDER = frozenset(migration.version for migration in read_migrations() if migration.version < HEARINGS)
# The next one weighs the same figures otherwise.
AND_HEARINGS = frozenset(one.version for one in read_migrations() if one.version < "20261127131500")
ARTICLES = (
    ("harbour", "everyone", "the harbour closes at nine"),
    ("lighthouse", "staff", "the lighthouse looks over the harbour"),
    ("pier", "everyone", "a pier of the harbour is a pier"),
)
AUDIENCES = (("everyone",), ("staff",), ("everyone", "staff"), ("plan:team",))


async def connect(url: str) -> psycopg.AsyncConnection[dict[str, Any]]:
    """As every part connects: nothing is prepared, and so a function may get another column while they run."""
    return await psycopg.AsyncConnection.connect(url, row_factory=dict_row, autocommit=True, prepare_threshold=None)


async def write(connection: psycopg.AsyncConnection[Any], *articles: tuple[str, str, str]) -> None:
    """As a version writes them that knows nothing of hearings."""
    for name, audience, text in articles:
        await connection.execute(QUERIES["article"], {"name": name, "audience": audience, "text": text})


async def found(connection: psycopg.AsyncConnection[Any]) -> list[list[tuple[object, ...]]]:
    return [
        [(row["external_id"], round(row["score"], 9), round(row["lexical"], 9), round(row["known"], 9)) for row in rows]
        for audiences in AUDIENCES
        for rows in [await search_by_words(connection, "harbour pier lighthouse ship", audiences)]
    ]


async def test_what_was_found_before_is_found_after(postgres: EmbeddedPostgres) -> None:
    async with new_database(postgres) as database:
        await migrate(database.admin_url, only=OLDER)
        async with await connect(database.admin_url) as connection:
            await write(connection, *ARTICLES)
            before = await found(connection)
            assert [len(rows) for rows in before] == [2, 1, 3, 0]
            await migrate(database.admin_url, only=AND_HEARINGS)
            assert await found(connection) == before
            assert await (await connection.execute(QUERIES["wrong_postings"])).fetchall() == []


async def test_the_version_before_goes_on_writing(postgres: EmbeddedPostgres) -> None:
    async with new_database(postgres) as database:
        await migrate(database.admin_url)
        async with await connect(database.admin_url) as connection:
            await write(connection, *ARTICLES)
            assert [len(rows) for rows in await found(connection)] == [2, 1, 3, 0]
            assert await (await connection.execute(QUERIES["wrong_postings"])).fetchall() == []
            # with their articles they go
            await connection.execute("delete from knowledge_articles")
            assert await (await connection.execute("select from chunk_terms")).fetchall() == []
            assert await (await connection.execute("select from title_terms")).fetchall() == []


async def test_searches_go_on_while_postings_are_rewritten(postgres: EmbeddedPostgres) -> None:
    """What holds the migration up here is a writer; a search passes both."""
    async with new_database(postgres) as database:
        await migrate(database.admin_url, only=OLDER)
        async with await connect(database.admin_url) as connection, await connect(database.admin_url) as writer:
            await write(connection, *ARTICLES)
            before = await found(connection)
            async with writer.transaction():
                await writer.execute(QUERIES["add_title_word"])
                migrating = asyncio.create_task(migrate(database.admin_url))

                async def waits() -> bool:
                    return bool(await (await connection.execute("select from pg_locks where not granted")).fetchall())

                await eventually_async(waits, within_s=20, what="the migration waits for the writer")
                assert await found(connection) == before
            await migrating
            assert [len(rows) for rows in await found(connection)] == [len(rows) for rows in before]
            assert await (await connection.execute(QUERIES["wrong_postings"])).fetchall() == []


async def test_searches_go_on_while_a_backup_holds_the_last_step_up(postgres: EmbeddedPostgres) -> None:
    """The lock that nobody reads beside is given up again, not waited for with every search behind it."""
    async with new_database(postgres) as database:
        await migrate(database.admin_url, only=OLDER)
        async with await connect(database.admin_url) as connection, await connect(database.admin_url) as backup:
            await write(connection, *ARTICLES)
            before = await found(connection)
            async with backup.transaction():
                await backup.execute("select from chunk_terms")
                migrating = asyncio.create_task(migrate(database.admin_url, only=AND_HEARINGS))

                async def waits() -> bool:
                    locks = "select from pg_locks where not granted and mode = 'AccessExclusiveLock'"
                    return bool(await (await connection.execute(locks)).fetchall())

                await eventually_async(waits, within_s=30, what="the migration waits for the backup")
                async with asyncio.timeout(10):
                    assert await found(connection) == before
                assert not migrating.done()
            await migrating
            assert await found(connection) == before
