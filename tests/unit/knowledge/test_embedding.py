"""The embedder behind an OpenAI-compatible server, against a real one on loopback, and the one on threads."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from tests.support.embedding_server import rows, serving

from insta_voice.costs import Usage
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import HttpEmbedder, LocalEmbedder
from insta_voice.knowledge.embedding import TextRefusedError


async def test_vectors_come_in_order_over_several_requests() -> None:
    texts = ["x" * n for n in range(100)]
    requests = 0

    def answer(asked: list[str]) -> tuple[int, Any]:
        nonlocal requests
        requests += 1
        return 200, rows(asked)

    async with serving(answer) as embedder:
        assert await embedder.embed(texts) == [[float(n), 1.0] for n in range(100)]
    assert requests == 4


async def test_what_each_request_used_is_told() -> None:
    # The last two are by servers that do not say.
    says = {"How?": {"usage": {"prompt_tokens": 7}}, "And then?": {}, "And where?": {"usage": None}}
    told: list[Usage] = []
    async with serving(lambda asked: (200, {**rows(asked), **says[asked[0]]})) as embedder:
        embedder.used = told.append
        for text in says:
            await embedder.embed([text])
    assert [(usage.model, usage.text_input_tokens) for usage in told] == [
        ("some-model", 7),
        ("some-model", 0),
        ("some-model", 0),
    ]
    assert told[0].provider.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {}),
        (401, {"error": "no"}),
        (200, {"data": []}),
        (200, {"data": [{"index": 0, "embedding": [1, 2, 3]}]}),
        (200, {"data": [{"index": 0, "embedding": "AAAA"}]}),
        (200, []),
    ],
)
async def test_anything_but_the_vectors_is_an_embedding_error(status: int, body: Any) -> None:
    async with serving(lambda texts: (status, body)) as embedder:
        with pytest.raises(EmbeddingError):
            await embedder.embed(["text"])


@pytest.mark.parametrize(("status", "of_the_text"), [(400, True), (413, True), (422, True), (429, False), (500, False)])
async def test_a_text_that_is_not_taken_is_told_from_a_server_that_fails(status: int, of_the_text: bool) -> None:
    async with serving(lambda texts: (status, {})) as embedder:
        with pytest.raises(EmbeddingError) as refused:
            await embedder.embed(["text"])
    assert isinstance(refused.value, TextRefusedError) is of_the_text


async def test_a_server_that_is_away_is_an_embedding_error() -> None:
    away = HttpEmbedder("http://127.0.0.1:9/v1", None, "m", 2)
    with pytest.raises(EmbeddingError):
        await away.embed(["text"])
    await away.aclose()


class _Lengths:
    model, dimensions = "lengths", 1

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [[float(len(text))] for text in texts]


@pytest.mark.parametrize("count", [0, 1, 2, 7])
async def test_threads_keep_the_order(count: int) -> None:
    embedder = LocalEmbedder(_Lengths())
    assert await embedder.embed(["x" * n for n in range(count)]) == [[float(n)] for n in range(count)]
    await embedder.aclose()


class _LongOneLast:
    """Is done with the long text when the short ones are done."""

    model, dimensions = "long one last", 1

    def __init__(self, short: int) -> None:
        self._short_left = threading.Semaphore(0)
        self._short = short

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        for text in texts:
            if text == "short":
                self._short_left.release()
            else:
                assert all(self._short_left.acquire(timeout=5) for _ in range(self._short)), "they wait behind it"
        return [[0.0] for _ in texts]


async def test_short_texts_do_not_wait_behind_a_long_one() -> None:
    embedder = LocalEmbedder(_LongOneLast(short=3))
    await embedder.embed(["long", "short", "short", "short"])
    await embedder.aclose()
