"""The named functions of the knowledge base, called as the people who asked for them know them: with words alone."""

import math

import pytest

import insta_voice.db.database as database_module
import insta_voice.knowledge.embedding as embedding_module
from insta_voice.db import Database, use_database
from insta_voice.knowledge import (
    LocalEmbedder,
    generate_embedding,
    query_knowledge_base,
    store_knowledge_base_article,
    use_embedder,
)


@pytest.fixture(autouse=True)
def in_use(db: Database, embedder: LocalEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an entry point does it; undone afterwards."""
    monkeypatch.setattr(database_module, "_current", None)
    monkeypatch.setattr(embedding_module, "_current", None)
    use_database(db)
    use_embedder(embedder)


async def test_what_is_stored_is_found_by_its_meaning() -> None:
    reset = await store_knowledge_base_article("Reset your password", "Choose “Forgot password” on the sign-in page.")
    await store_knowledge_base_article("Delete a project", "Open its menu and choose Delete.")
    best, *_ = await query_knowledge_base("I cannot remember how to log in")
    assert best["article_id"] == reset
    assert "Forgot password" in best["text"]


async def test_an_embedding_is_a_unit_vector_near_its_like() -> None:
    asked, like, unlike = [
        await generate_embedding(text)
        for text in ("How do I reset my password?", "I forgot my password", "The weather in Peru")
    ]
    assert math.isclose(math.hypot(*asked), 1, abs_tol=1e-3)
    assert _cosine(asked, like) > _cosine(asked, unlike)


def _cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
