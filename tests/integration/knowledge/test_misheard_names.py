"""Names that were misheard are searched as the articles write them: those that the caller may hear."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, store_knowledge_base_article
from insta_voice.knowledge.search import search
from insta_voice.knowledge.understanding import with_names
from insta_voice.voice.local.text_vectors import TextVectors


@pytest.fixture(scope="module")
async def model() -> AsyncIterator[LocalEmbedder]:
    """The real embedding model."""
    made = LocalEmbedder(TextVectors())
    yield made
    await made.aclose()


async def understood(db: Database, *heard: str, user_id: str | None = "nobody") -> list[str]:
    return await with_names(db, heard, user_id=user_id, audiences=["everyone"])


async def test_misheard_names_are_searched_as_the_articles_write_them(db: Database, model: LocalEmbedder) -> None:
    for title, text in (("Signing in", "Use SAML, in Okta."), ("Moving", "Import boards from Trello to DataPower.")):
        await store_knowledge_base_article(title, text, db=db, embedder=model)
    heard = [
        "do you have S. A. M. L.",
        "boards from trell",
        "is there ockta",
        "error four zero three",
        "boards from there",
    ]
    searched = [
        "do you have SAML.",
        "boards from trell Trello",
        "is there ockta Okta",
        "error four zero three 403",
        heard[4],
    ]
    assert await understood(db, *heard) == searched
    assert await understood(db, *heard, user_id=None) == searched
    [spelled], [right] = await search(db, model, [heard[0], "do you have SAML."], user_id="nobody", match_count=1)
    assert spelled == right


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        ("how do I set up sam'l", "how do I set up SAML"),
        ("how do I set up S-A-M-L", "how do I set up SAML"),
        ("do you have 2-FA?", "do you have 2FA?"),
        ("do you have two-F-A?", "do you have 2FA?"),
        ("I'll e-mail Sam's sign-in page: it's one I don't know",) * 2,
    ],
)
async def test_a_name_whose_letters_fell_apart_is_found_as_it_is_written(
    db: Database, model: LocalEmbedder, heard: str, right: str
) -> None:
    text = "Use SAML or 2FA. The eMail of SignIn is by DONT and ILL, sams SAMS."
    await store_knowledge_base_article("Signing in", text, db=db, embedder=model)
    assert await understood(db, heard) == [right]
    [found], [found_right] = await search(db, model, [heard, right], user_id="nobody", match_count=1)
    assert found == found_right
    assert found.known > 0


async def test_a_word_that_an_article_has_is_what_it_is(db: Database, model: LocalEmbedder) -> None:
    await store_knowledge_base_article("Moving", "Import from Trello. The trell is a hook.", db=db, embedder=model)
    assert await understood(db, "what is a trell") == ["what is a trell"]


@pytest.mark.parametrize("heard", ["the b r o k e r", "the brokr"])
async def test_nobody_is_helped_to_a_name_that_they_may_not_hear(
    db: Database, model: LocalEmbedder, heard: str
) -> None:
    await store_knowledge_base_article("Margins", "What BROKER pays.", audience=["staff"], db=db, embedder=model)
    assert await understood(db, heard) == [heard]
    assert await with_names(db, [heard], user_id=None, audiences=["staff"]) != [heard]


async def test_names_are_found_by_their_indexes(db: Database, database: TestDatabase, model: LocalEmbedder) -> None:
    article = await store_knowledge_base_article("Names", "Many of them.", db=db, embedder=model)
    read = "select seq_tup_read, idx_tup_fetch from pg_stat_xact_user_tables where relname = 'article_names'"
    many = "insert into article_names select md5(n::text) || 'X', %s from generate_series(1, 20000) as n"
    async with await psycopg.AsyncConnection.connect(database.admin_url, autocommit=True) as connection:
        await connection.execute(many, [article])
        await connection.execute("insert into article_names values ('DataPower', %s)", [article])
        await connection.execute("vacuum analyze article_names")
        async with connection.transaction():
            heard = await connection.execute(
                "select name from insta.names_heard('{datapower}', '{datapowr}', '{everyone}')"
            )
            assert await heard.fetchall() == [("DataPower",), ("DataPower",)]
            [(all_rows, rows)] = await (await connection.execute(read)).fetchall()
    assert (all_rows, rows < 100) == (0, True)


async def test_whether_an_article_has_a_word_is_read_in_its_postings(
    db: Database, database: TestDatabase, model: LocalEmbedder
) -> None:
    await store_knowledge_base_article("Moving", "The trell is a hook.", db=db, embedder=model)
    read = "select seq_scan + coalesce(idx_scan, 0) from pg_stat_xact_user_tables where relname = 'knowledge_chunks'"
    async with await psycopg.AsyncConnection.connect(database.admin_url) as connection:
        await connection.execute("insert into article_names select 'Trello', id from knowledge_articles")
        await connection.execute("select from insta.names_heard('{}', '{trell}', '{everyone}')")
        assert await (await connection.execute(read)).fetchall() == [(0,)]
