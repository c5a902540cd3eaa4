"""Who hears a posting is who hears its article, whatever writes either of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import LiteralString

import psycopg
import pytest
from psycopg.rows import dict_row
from tests.support.hearings import QUERIES, search_by_words
from tests.support.poll import eventually_async
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, store_knowledge_base_article

STAFF, EVERYONE = ("staff",), ("everyone",)


@pytest.fixture
async def article(db: Database, embedder: LocalEmbedder) -> str:
    """For everyone, about the harbour."""
    return await store_knowledge_base_article(
        "The harbour", "The harbour closes at nine.", external_id="harbour", db=db, embedder=embedder
    )


@asynccontextmanager
async def owner(database: TestDatabase) -> AsyncIterator[psycopg.AsyncConnection]:
    async with await psycopg.AsyncConnection.connect(database.admin_url, row_factory=dict_row) as connection:
        yield connection


CHANGES: tuple[LiteralString, ...] = (
    "update knowledge_articles set audience = '{staff}'",
    "update knowledge_articles set status = 'archived'",
    "update knowledge_articles set valid_from = insta.today() + 1",
    "update knowledge_articles set valid_until = insta.today() - 1",
)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_of_who_hears_an_article_is_one_of_its_postings(
    database: TestDatabase, article: str, change: LiteralString
) -> None:
    async with owner(database) as connection:
        assert len(await search_by_words(connection, "harbour", EVERYONE)) == 1
        await connection.execute(change)
        assert await search_by_words(connection, "harbour", EVERYONE) == []
        assert await (await connection.execute(QUERIES["wrong_postings"])).fetchall() == []


async def test_an_article_that_is_written_again_for_others_is_found_by_them_alone(
    database: TestDatabase, db: Database, embedder: LocalEmbedder, article: str
) -> None:
    await store_knowledge_base_article(
        "The harbour", "It never closes.", external_id="harbour", audience=STAFF, db=db, embedder=embedder
    )
    async with owner(database) as connection:
        assert await search_by_words(connection, "harbour", EVERYONE) == []
        assert len(await search_by_words(connection, "harbour", STAFF)) == 1
        assert await (await connection.execute(QUERIES["wrong_postings"])).fetchall() == []


async def test_a_writer_cannot_make_a_posting_heard(database: TestDatabase, article: str) -> None:
    async with owner(database) as connection:
        await connection.execute("update knowledge_articles set audience = '{staff}'")
        await connection.execute(QUERIES["lie"])
        assert await (await connection.execute(QUERIES["wrong_postings"])).fetchall() == []
        # Nor is one that somebody changed believed.
        await connection.execute("update chunk_terms set hearing = (select min(id) from knowledge_hearings)")
        assert await search_by_words(connection, "harbour", EVERYONE) == []


async def test_postings_written_while_their_article_changes_wait_for_it(database: TestDatabase, article: str) -> None:
    async with owner(database) as changing, owner(database) as writing, owner(database) as looking:
        await changing.execute("update knowledge_articles set audience = '{staff}'")
        added = asyncio.create_task(writing.execute(QUERIES["add_word"]))

        async def waits() -> bool:
            return bool(await (await looking.execute("select from pg_locks where not granted")).fetchall())

        await eventually_async(waits, within_s=20, what="the posting waits for its article")
        await changing.commit()
        await added
        await writing.commit()
        assert await (await looking.execute(QUERIES["wrong_postings"])).fetchall() == []
        assert len(await search_by_words(looking, "lamp", STAFF)) == 1
