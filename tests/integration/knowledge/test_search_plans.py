"""The plans behind the search, at 20,000 chunks: its indexes are used, and how many rows it touches.

An EXPLAIN of a function shows nothing of its inside: what its transaction has read is counted instead.
"""

import psycopg
import pytest
from tests.support.many_chunks import lexical, many_chunks, questions, search, touched, vector_scans
from tests.support.postgres import TestDatabase

from insta_voice.db import Database

CHUNKS = 20_000
# Words in about 5, 1.5 and 0.2 % of the chunks.
WORDS = "w90 w300 w2000"
# In nearly all, in nine of ten, and in 0.2 %: too many postings to add up.
FREQUENT_WORDS = "w2 w3 w2000"
# Twice what was counted for the audience that hears one chunk of a hundred, or for everyone's; every chunk would be
# 20,000. Postings are read from their index alone, but for a page or so that vacuum could not mark.
MOST_ROWS = {
    "chunk_embeddings": 550,
    "sentence_embeddings": 250,
    "chunk_sentences": 20,
    "chunk_terms": 100,
    "title_terms": 100,
    "knowledge_chunks": 400,
    "knowledge_articles": 150,
}
# Whose chunks are so few that they are compared one and all: to find them, these are read.
READ_FOR_STAFF = frozenset({"knowledge_chunks", "knowledge_articles"})


async def test_a_search_goes_by_its_indexes_and_touches_few_rows(database: TestDatabase) -> None:
    async with many_chunks(database.admin_url, CHUNKS) as connection:
        [vector, *_] = await questions(connection, 1)
        for audience, read in (("everyone", frozenset()), ("staff", READ_FOR_STAFF)):
            before = await touched(connection)
            assert len(await search(connection, WORDS, vector, audience)) == 10
            after = await touched(connection)
            assert after.keys() == MOST_ROWS.keys()
            for table, most in MOST_ROWS.items():
                assert after[table].scans == before[table].scans or table in read, table
                assert after[table].rows - before[table].rows <= most, table
        # For everyone's; staff's are so few that comparing them all is less work, and the planner knows it.
        assert await vector_scans(connection) == 1
        said, counted = await lexical(connection, FREQUENT_WORDS, vector)
        assert said == pytest.approx(counted), "frequent words weigh as much as if all of their postings were read"
        assert any(said.values())


async def test_who_hears_an_article_is_written_into_the_plan(database: TestDatabase) -> None:
    """A filter that stays a call is one whose share of the rows the planner can only guess, and it guesses a third."""
    filtered = (
        "explain select from knowledge_articles a"
        " where insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, '{everyone}', insta.today())"
    )
    async with await psycopg.AsyncConnection.connect(database.admin_url) as connection:
        plan = "\n".join(line for (line,) in await (await connection.execute(filtered)).fetchall())
    assert "valid_until" in plan
    assert "is_heard" not in plan


async def test_a_search_sees_one_moment(db: Database) -> None:
    """A volatile function takes a new snapshot for each of its statements, and could mix two versions of an article."""
    async with db.as_service() as connection:
        found = await connection.execute(
            "select proname, provolatile from pg_proc"
            " where proname in ('search_knowledge', 'match_knowledge_articles', 'get_knowledge_article')"
        )
        assert {row["proname"]: row["provolatile"] for row in await found.fetchall()} == {
            "search_knowledge": "s",
            "match_knowledge_articles": "s",
            "get_knowledge_article": "s",
        }
