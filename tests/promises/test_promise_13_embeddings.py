"""Promise 13, for what makes a question's vectors: an OpenAI that is away or slow is replaced within a caller's
patience by the local index, the evidence says which was asked, and OpenAI is asked again when it is back.
"""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.indexes import LOCAL, SMALL, Kept, models, work
from tests.support.knowledge import DEMO
from tests.support.openai import (
    BROKEN,
    UNAUTHORIZED,
    Cut,
    Late,
    Malformed,
    ScriptedOpenAI,
    rate_limited,
    serving_openai,
)
from tests.support.openai.faults import Fault

from insta_voice.db import Database
from insta_voice.knowledge import Context, Embedders, Evidence, LocalEmbedder, gather_evidence, ingest
from insta_voice.knowledge.evidence import BY_WORDS
from insta_voice.voice.local.text_vectors import TextVectors

QUESTION, ARTICLE = "how do I reset my password?", "reset-password"
PATIENCE_S = 5.0


@pytest.fixture(scope="module")
async def local() -> AsyncIterator[Kept]:
    """The real local model."""
    made = LocalEmbedder(TextVectors())
    yield Kept(made)
    await made.aclose()


@pytest.fixture
async def openai() -> AsyncIterator[ScriptedOpenAI]:
    async with serving_openai() as server:
        yield server


@pytest.fixture
async def both(db: Database, local: Kept, openai: ScriptedOpenAI, tmp_path: Path) -> AsyncIterator[Embedders]:
    """Some of the demo's articles in OpenAI's index, with the local one beside it."""
    for name in ("reset-password", "free-trial", "seats"):
        (tmp_path / f"{name}.md").write_text((DEMO / "articles" / f"{name}.md").read_text())
    async with models(openai, local) as made:
        await ingest(db, made, [tmp_path])
        await work(db, made)
        yield made


async def ask(db: Database, embedders: Embedders) -> Evidence:
    (evidence,) = await gather_evidence(
        db, embedders, QUESTION, user_id="maya", context=Context(), patience_s=PATIENCE_S
    )
    assert evidence.passages[0].external_id == ARTICLE
    return evidence


@pytest.mark.parametrize(
    "fault",
    [Late(by_s=60), Cut(after=0), Cut(after=2), Malformed(), BROKEN, UNAUTHORIZED, rate_limited()],
    ids=lambda fault: f"{type(fault).__name__} {getattr(fault, 'status', '')}".strip(),
)
async def test_the_local_index_answers_while_openai_does_not(
    db: Database, openai: ScriptedOpenAI, both: Embedders, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insta_voice.knowledge.question_vectors._FIRST_REST_S", 0.0)
    assert (await ask(db, both)).index == SMALL
    openai.fail_always("embeddings", fault)
    began = time.monotonic()
    evidence = await ask(db, both)
    assert time.monotonic() - began < 2 * PATIENCE_S
    assert (evidence.index, evidence.answerable) == (LOCAL, True)
    openai.fail_always("embeddings", None)
    assert (await ask(db, both)).index == SMALL


async def test_while_it_rests_no_caller_waits_for_it_again(
    db: Database, openai: ScriptedOpenAI, both: Embedders
) -> None:
    openai.fail_always("embeddings", Late(by_s=60))
    assert (await ask(db, both)).index == LOCAL
    asked = len(openai.requests)
    assert (await ask(db, both)).index == LOCAL
    assert len(openai.requests) == asked


async def test_words_alone_are_the_last_step(db: Database, openai: ScriptedOpenAI, both: Embedders) -> None:
    async with models(openai, None) as alone:
        openai.fail_always("embeddings", BROKEN)
        assert (await ask(db, alone)).index == BY_WORDS
