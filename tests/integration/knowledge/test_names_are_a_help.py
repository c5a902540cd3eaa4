"""Putting names right costs a search neither its vectors nor its answer."""

import logging
from collections.abc import Sequence

import psycopg
import pytest
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import LocalEmbedder, store_knowledge_base_article
from insta_voice.knowledge.evidence import BY_WORDS
from insta_voice.knowledge.hits import Hit
from insta_voice.knowledge.search import search

SPELLED = "do you have S. A. M. L."
LONG_S = 30.0


class Tired:
    """The model, which answers so often and then no more."""

    def __init__(self, embedder: LocalEmbedder, answers: int) -> None:
        self.model, self.dimensions = embedder.model, embedder.dimensions
        self.asked: list[list[str]] = []
        self._embedder, self._answers = embedder, answers

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked.append(list(texts))
        if len(self.asked) > self._answers:
            raise EmbeddingError
        return await self._embedder.embed(texts)


@pytest.fixture(autouse=True)
async def article(db: Database, embedder: LocalEmbedder) -> None:
    await store_knowledge_base_article("Signing in", "Use SAML, in Okta.", db=db, embedder=embedder)


async def found(db: Database, model: Tired | LocalEmbedder, patience_s: float) -> Hit:
    [[hit]] = await search(db, model, [SPELLED], user_id="nobody", patience_s=patience_s)
    return hit


async def test_the_first_vectors_are_kept_when_the_second_fail(db: Database, embedder: LocalEmbedder) -> None:
    tired = Tired(embedder, answers=1)
    hit = await found(db, tired, LONG_S)
    assert tired.asked == [[SPELLED], ["do you have SAML."]]
    assert hit.passage.index == embedder.model
    assert hit.known > 0, "by the words it is searched as the article writes it"


async def test_a_model_is_not_asked_again_without_the_time_to_answer(db: Database, embedder: LocalEmbedder) -> None:
    asked_once = Tired(embedder, answers=2)
    hit = await found(db, asked_once, 0.89)
    assert asked_once.asked == [[SPELLED]]
    assert hit.passage.index == embedder.model


async def test_who_is_away_is_not_asked_twice(db: Database, embedder: LocalEmbedder) -> None:
    away = Tired(embedder, answers=0)
    assert (await found(db, away, LONG_S)).passage.index == BY_WORDS
    assert away.asked == [[SPELLED]]


async def test_names_that_take_too_long_are_not_waited_for(
    db: Database, database: TestDatabase, embedder: LocalEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "insta_voice")
    async with await psycopg.AsyncConnection.connect(database.admin_url) as blocker:
        await blocker.execute("lock table article_names in access exclusive mode")
        hit = await found(db, embedder, 0.5)
    assert hit.passage.title == "Signing in"
    assert caplog.messages == ["names are searched as they were heard: too slow"]


async def test_names_that_fail_fail_no_search(
    db: Database, database: TestDatabase, embedder: LocalEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "insta_voice")
    async with await psycopg.AsyncConnection.connect(database.admin_url, autocommit=True) as owner:
        await owner.execute("revoke execute on function names_heard from insta_app")
        try:
            hit = await found(db, embedder, LONG_S)
        finally:
            await owner.execute("grant execute on function names_heard to insta_app")
    assert hit.passage.title == "Signing in"
    assert [message.partition(":")[0] for message in caplog.messages] == ["names are searched as they were heard"]
