"""Words that are misspelt are searched as the articles spell them: those that the caller may hear."""

import psycopg
import pytest
from tests.support.knowledge import CALLER
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, remove_articles, store_knowledge_base_article
from insta_voice.knowledge.confidence import confidence, signals_of
from insta_voice.knowledge.search import search
from insta_voice.knowledge.understanding import with_names


async def understood(db: Database, asked: str, user_id: str | None = "nobody") -> str:
    [searched] = await with_names(db, [asked], user_id=user_id, audiences=["everyone"])
    return searched


async def words(db: Database) -> dict[str, int]:
    async with db.as_service() as connection:
        rows = await (await connection.execute("select word, articles from knowledge_words")).fetchall()
    return {row["word"]: row["articles"] for row in rows}


@pytest.mark.parametrize(
    ("misspelt", "right", "article"),
    [
        ("how do I chnage my pasword", "how do I change my password", "change-password"),
        ("where are my invoises", "where are my invoices", "invoices"),
        ("how do I cancle my subscribtion", "how do I cancel my subscription", "cancel-subscription"),
    ],
)
async def test_a_misspelt_question_is_answered_as_one_that_is_not(
    company: Database, embedder: LocalEmbedder, misspelt: str, right: str, article: str
) -> None:
    found, found_right = await search(company, embedder, [misspelt, right], user_id=CALLER)
    assert found[0].passage.external_id == article
    assert confidence(signals_of(found)) == pytest.approx(confidence(signals_of(found_right)), abs=0.01)


@pytest.mark.parametrize("asked", ["how do I ripen an avocado", "why was I changing lanes", "do you sell parrots?"])
async def test_a_question_about_something_else_is_no_nearer_to_an_article(company: Database, asked: str) -> None:
    assert await understood(company, asked, CALLER) == asked


async def test_a_word_that_an_article_has_is_what_it_is(db: Database, embedder: LocalEmbedder) -> None:
    text = "The password of the paswords is a hook, which you change."
    await store_knowledge_base_article("Moving", text, db=db, embedder=embedder)
    assert await understood(db, "chnage the pasword") == "change the pasword"


async def test_nobody_is_helped_to_a_word_that_they_may_not_hear(db: Database, embedder: LocalEmbedder) -> None:
    await store_knowledge_base_article("Margins", "what brokers pay", audience=["staff"], db=db, embedder=embedder)
    await store_knowledge_base_article("Plans", "what everyone pays", db=db, embedder=embedder)
    assert await understood(db, "what do brokres pay") == "what do brokres pay"
    assert await with_names(db, ["what do brokres pay"], user_id=None, audiences=["staff"]) == ["what do brokers pay"]


async def test_words_come_and_go_with_the_articles_that_have_them(db: Database, embedder: LocalEmbedder) -> None:
    for name, text in (("a", "Change the password."), ("b", "Its password."), ("a", "Change the invoice.")):
        await store_knowledge_base_article(f"About {name}", text, external_id=name, db=db, embedder=embedder)
    assert await words(db) == {"invoice": 1, "password": 1}
    await store_knowledge_base_article("About c", "An invoice.", external_id="c", db=db, embedder=embedder)
    await remove_articles(db, ["a", "b"])
    assert await words(db) == {"invoice": 1}


async def test_words_are_found_by_their_indexes(db: Database, database: TestDatabase, embedder: LocalEmbedder) -> None:
    await store_knowledge_base_article("Passwords", "Change the password.", db=db, embedder=embedder)
    read = "select seq_tup_read, idx_tup_fetch from pg_stat_xact_user_tables where relname = 'knowledge_words'"
    many = (
        "insert into knowledge_words (word, articles)"
        " select translate(md5(n::text), '0123456789', 'ghijklmnop'), 1 from generate_series(1, 20000) as n"
    )
    async with await psycopg.AsyncConnection.connect(database.admin_url, autocommit=True) as connection:
        await connection.execute(many)
        await connection.execute("vacuum analyze knowledge_words")
        async with connection.transaction():
            found = await connection.execute(
                "select heard, word from insta.spellings('{pasword,chnage,password}', '{everyone}') order by word"
            )
            # "Change" begins a sentence, so the articles have it with a capital alone
            assert await found.fetchall() == [("pasword", "password")]
            [(all_rows, rows)] = await (await connection.execute(read)).fetchall()
    assert (all_rows, rows < 100) == (0, True)
