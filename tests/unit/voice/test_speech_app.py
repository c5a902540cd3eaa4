"""The speech server answers at once and says that it is not ready until its models are."""

import asyncio
import threading
from types import SimpleNamespace

import httpx
import pytest

from insta_voice.voice.local.server import create_app
from insta_voice.voice.local.work import Priority


class _TextVectors:
    dimensions = 2

    def embed(self, texts):
        return [[0.0, 1.0] for _ in texts]

    def embed_question(self, text):
        return [1.0, 0.0]

    def count_tokens(self, text):
        return 1


@pytest.fixture
async def warming():
    """An app whose models load when the test says so, and a client of it."""
    may_load, outcome, ready = threading.Event(), [], asyncio.Event()
    loop = asyncio.get_running_loop()

    def load():
        assert may_load.wait(10)
        if outcome:
            raise outcome[0]
        return SimpleNamespace(text_vectors=_TextVectors())

    app = create_app(load, ready=lambda: loop.call_soon_threadsafe(ready.set))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://speech") as http,
    ):
        yield http, may_load, outcome, ready, app.state.speech
        may_load.set()


async def test_it_is_ready_when_the_models_are_warm(warming):
    http, may_load, _, ready, _ = warming
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "warming_up")
    assert not ready.is_set()
    may_load.set()
    await asyncio.wait_for(ready.wait(), 10)
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


async def test_what_comes_too_early_is_told_when_to_come_back(warming):
    http, *_ = warming
    answer = await http.post("/v1/embeddings", json={"input": "hello"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["code"] == "speech_unavailable"


async def test_models_that_do_not_load_are_not_waited_for(warming):
    http, may_load, outcome, _, state = warming
    outcome.append(OSError("no such file"))
    may_load.set()
    await asyncio.wait_for(state.settled.wait(), 10)
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")


async def test_too_large_a_body_is_refused_before_it_is_read(warming):
    http, *_ = warming
    answer = await http.post("/v1/audio/transcriptions", content=b"", headers={"content-length": "99999999"})
    assert answer.status_code == 422
    answer = await http.post("/v1/audio/transcriptions", content=chunks(), headers={})
    assert answer.status_code == 422, "no length given"


async def chunks():
    yield b"x"


async def test_a_page_in_a_browser_is_refused(warming):
    http, *_ = warming
    answer = await http.get("/readyz", headers={"Origin": "http://localhost:8080"})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("texts", "priorities", "vectors"),
    [
        ("where?", [Priority.QUESTION], [[1.0, 0.0]]),
        (["where?"], [Priority.QUESTION], [[1.0, 0.0]]),
        (["one", "two"], [Priority.BULK, Priority.BULK], [[0.0, 1.0], [0.0, 1.0]]),
    ],
)
async def test_a_question_goes_before_articles_and_they_leave_a_core_to_callers(
    warming, monkeypatch, texts, priorities, vectors
):
    http, may_load, _, ready, state = warming
    may_load.set()
    await asyncio.wait_for(ready.wait(), 10)
    asked = []
    run = state.workers.run

    async def noted(priority, function, *args):
        asked.append(priority)
        return await run(priority, function, *args)

    monkeypatch.setattr(state.workers, "run", noted)
    answer = (await http.post("/v1/embeddings", json={"input": texts})).json()
    assert [row["embedding"] for row in answer["data"]] == vectors
    assert asked == priorities
