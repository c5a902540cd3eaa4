"""The named functions of the knowledge base, called as the people who asked for them know them: with words alone."""

import math
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.api import StartApi
from tests.support.postgres import TestDatabase
from tests.support.settings import complete_settings
from tests.support.speech import SpeechServer

import insta_voice.db.database as database_module
import insta_voice.knowledge.embedding as embedding_module
from insta_voice.agent.worker import job
from insta_voice.db import Database, current_database, use_database
from insta_voice.knowledge import (
    LocalEmbedder,
    generate_embedding,
    query_knowledge_base,
    store_knowledge_base_article,
    use_embedder,
)


@pytest.fixture(autouse=True)
def nothing_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just begun; undone afterwards."""
    monkeypatch.setattr(database_module, "_current", None)
    monkeypatch.setattr(embedding_module, "_current", None)


@pytest.fixture
def in_use(nothing_in_use: None, db: Database, embedder: LocalEmbedder) -> None:
    """As an entry point does it."""
    use_database(db)
    use_embedder(embedder)


@pytest.mark.usefixtures("in_use")
async def test_what_is_stored_is_found_by_its_meaning() -> None:
    reset = await store_knowledge_base_article("Reset your password", "Choose “Forgot password” on the sign-in page.")
    await store_knowledge_base_article("Delete a project", "Open its menu and choose Delete.")
    best, *_ = await query_knowledge_base("I cannot remember how to log in")
    assert best["article_id"] == reset
    assert "Forgot password" in best["text"]


@pytest.mark.usefixtures("in_use")
async def test_an_embedding_is_a_unit_vector_near_its_like() -> None:
    asked, like, unlike = [
        await generate_embedding(text)
        for text in ("How do I reset my password?", "I forgot my password", "The weather in Peru")
    ]
    assert math.isclose(math.hypot(*asked), 1, abs_tol=1e-3)
    assert _cosine(asked, like) > _cosine(asked, unlike)


async def test_where_the_api_runs_they_need_nothing_but_words(start_api: StartApi, speech_server: SpeechServer) -> None:
    await start_api(VOICE_SPEECH_URL=speech_server.url)
    refunds = await store_knowledge_base_article("Refunds", "Within 30 days.")
    assert [found["article_id"] for found in await query_knowledge_base("money back")] == [refunds]


async def test_a_job_process_has_both_before_its_call(
    database: TestDatabase, speech_server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = complete_settings(DATABASE_URL=database.url, VOICE_SPEECH_URL=speech_server.url)
    monkeypatch.setattr(job, "get_settings", lambda: settings)
    process: Any = SimpleNamespace(userdata={})
    job.prewarm(process)
    room = SimpleNamespace(name="a-room", on=lambda *_: None)
    ended: list[str] = []
    nameless: Any = SimpleNamespace(proc=process, room=room, job=SimpleNamespace(metadata="{}"), shutdown=ended.append)
    await job.hold_call(nameless)
    try:
        assert ended == ["refused"]
        await current_database().open()  # as the call would have
        refunds = await store_knowledge_base_article("Refunds", "Within 30 days.")
        assert [found["article_id"] for found in await query_knowledge_base("money back")] == [refunds]
    finally:
        await process.userdata["parts"].aclose()
        await current_database().close()


def _cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
