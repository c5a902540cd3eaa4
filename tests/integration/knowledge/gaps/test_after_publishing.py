"""What is published is asked for: open gaps that it answers are closed, and whoever published it is told."""

import json
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate import App
from tests.support.gaps import NOW, asked_in_vain, gaps
from tests.support.kb import Kb
from tests.support.knowledge import write_article
from tests.support.settings import settings_from
from tests.support.website import html, serving_site, visitor

from insta_voice.cli.kb.closed_gaps import ask_open_gaps
from insta_voice.db import Database
from insta_voice.db.service_pool import ServicePool
from insta_voice.errors import DBDriverError, EmbeddingError
from insta_voice.jobs import tasks
from insta_voice.jobs.app import build_app
from insta_voice.knowledge import (
    Document,
    Embedders,
    LocalEmbedder,
    draft_article,
    publish,
    store_knowledge_base_article,
)
from insta_voice.knowledge.gaps import close_answered, open_gaps
from insta_voice.knowledge.web import WebSource, schedule

PAUSES = ("can I pause my subscription", "can I put my subscription on hold")
SHOES = "do you sell shoes"
TITLE = "Pause your subscription"
TEXT = "You can pause your subscription, or put it on hold, for up to three months. Open Billing and choose Pause."
CLOSED = "” (asked 3 times) is answered by “Pause your subscription” now.\n"


@pytest.fixture
async def asked(db: Database, embedder: LocalEmbedder) -> Database:
    """Two open gaps, one of which TEXT closes."""
    await store_knowledge_base_article("Reset your password", "Choose Forgot password.", db=db, embedder=embedder)
    await asked_in_vain(db, embedder, [*PAUSES, PAUSES[0], SHOES])
    return db


async def states(db: Database) -> dict[str, int]:
    """How many gaps are open and closed."""
    found = [gap.state for gap in await gaps(db)]
    return {state: found.count(state) for state in dict.fromkeys(found)}


async def test_publishing_and_going_back_close_what_they_answer_and_say_so(
    asked: Database, embedder: LocalEmbedder, kb: Kb
) -> None:
    await draft_article(asked, Document(TITLE, TEXT, external_id="pause"), written_by="test")
    published = (await kb("publish", "pause")).out
    assert published.startswith("Version 2 of pause is published.\nClosed: “can I p")
    assert published.endswith(CLOSED)
    assert published.count("Closed:") == 1
    assert await states(asked) == {"closed": 1, "open": 1}

    await draft_article(asked, Document(TITLE, "Ask us.", external_id="pause"), written_by="test")
    await publish(asked, embedder, "pause", written_by="test")
    await asked_in_vain(asked, embedder, PAUSES[:1], at=NOW + timedelta(hours=1))
    restored = (await kb("restore", "pause", "--version", "2")).out
    assert "Closed: “" in restored
    assert "(asked 4 times)" in restored


async def test_loading_closes_what_it_answers_and_says_so_beside_its_json(
    asked: Database, embedder: LocalEmbedder, kb: Kb, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    write_article(folder, "pause", TITLE, TEXT)
    loaded = await kb("ingest", str(folder), "--json")
    assert json.loads(loaded.out)["added"] == 1
    assert CLOSED in loaded.err
    assert await states(asked) == {"closed": 1, "open": 1}
    await asked_in_vain(asked, embedder, PAUSES[:1], at=NOW + timedelta(hours=1))
    assert (await kb("ingest", str(folder))).out.startswith("0 added, 0 changed, 1 unchanged")
    assert await states(asked) == {"open again": 1, "open": 1}, "nothing is new, nothing is asked"


class GoesAway:
    """The model, until it has made so many requests; then it, or the database, is not there."""

    def __init__(self, embedder: LocalEmbedder, error: type[Exception], after: int = 0) -> None:
        self.model, self.dimensions = embedder.model, embedder.dimensions
        self._embedder, self._error, self._left = embedder, error, after

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self._left -= 1
        if self._left < 0:
            raise self._error
        return await self._embedder.embed(texts)


@pytest.mark.parametrize(
    ("error", "what"), [(EmbeddingError, "The embedding model is away"), (DBDriverError, "The database went away")]
)
async def test_an_outage_after_it_is_no_failure_of_what_was_published(
    asked: Database, embedder: LocalEmbedder, error: type[Exception], what: str
) -> None:
    [told] = await ask_open_gaps(asked, GoesAway(embedder, error))
    assert told == f"{what}, so that open gaps were not asked again: `insta-voice gaps check` does that later."
    assert await states(asked) == {"open": 2}


async def test_what_was_closed_before_an_outage_is_said(asked: Database, embedder: LocalEmbedder) -> None:
    await store_knowledge_base_article(TITLE, TEXT, db=asked, embedder=embedder)
    away = GoesAway(embedder, EmbeddingError, after=3)  # whether it is there, and two questions
    closed, outage = await ask_open_gaps(asked, away)
    assert closed.endswith(CLOSED.strip())
    assert outage.startswith("The embedding model is away")


async def test_the_weightiest_are_asked_and_each_until_it_is_clear(asked: Database, embedder: LocalEmbedder) -> None:
    found = [one async for one in close_answered(asked, embedder, now=NOW, most=1)]
    assert [(gap.questions, len(checked.asked)) for gap, checked in found] == [(3, 1)], "one of two is not answered"
    assert len(await open_gaps(asked)) == 2


@pytest.fixture
async def app(asked: Database, database_url: str, embedder: LocalEmbedder) -> AsyncIterator[App]:
    async with ServicePool(database_url) as pool:
        built = build_app(asked, settings_from({}), None, Embedders(embedder))
        await built.open_async(pool)
        await built.run_worker_async(wait=False)  # what the calls have left to do
        yield built


async def test_a_source_that_is_read_again_closes_them_in_a_job_whose_log_names_nothing(
    asked: Database, app: App, embedder: LocalEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with serving_site({"/pause": html(TITLE, TEXT)}) as site:
        await schedule(asked, WebSource.of(site.url("/pause"), "page"), timedelta(days=1))
        await tasks.refresh_sources(asked, Embedders(embedder), visitor(site))
    assert await states(asked) == {"open": 2}, "the reading of sources does not wait for it"
    await app.run_worker_async(wait=False)
    assert await states(asked) == {"closed": 1, "open": 1}
    [line] = [record.getMessage() for record in caplog.records if "asked again" in record.getMessage()]
    assert line == "open gaps asked again: 2; answered now, and closed: 1"
    assert not any(question in caplog.text for question in (*PAUSES, SHOES, TITLE)), "promise 32"


async def test_a_source_that_says_what_it_said_asks_nothing(
    asked: Database, app: App, embedder: LocalEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with serving_site({"/pause": html(TITLE, TEXT)}) as site:
        await schedule(asked, WebSource.of(site.url("/pause"), "page"), timedelta(days=1))
        for _ in range(2):
            await tasks.refresh_sources(asked, Embedders(embedder), visitor(site))
            async with asked.as_service() as connection:
                await connection.execute("update knowledge_sources set due_at = now()")
    await app.run_worker_async(wait=False)
    assert len([record for record in caplog.records if "asked again" in record.getMessage()]) == 1


async def test_a_worker_without_a_model_leaves_it_to_another(asked: Database) -> None:
    with pytest.raises(EmbeddingError):
        await tasks.close_answered_gaps(asked, None, NOW)
