"""The embedder behind an OpenAI-compatible server, against a real one on loopback, and the one on threads."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from insta_voice.costs import Usage
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import HttpEmbedder, LocalEmbedder
from insta_voice.knowledge.embedding import TextRefusedError

Answer = Callable[[list[str]], tuple[int, Any]]


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[HttpEmbedder]:
    """An embedder and the server it asks; `answer` turns the texts of a request into status and body."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
        length = int(headers[b"content-length"])
        status, body = answer(json.loads(await reader.readexactly(length))["input"])
        sent = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(sent)}\r\nConnection: close\r\n\r\n".encode()
        writer.write(head + sent)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    embedder = HttpEmbedder(f"http://127.0.0.1:{port}/v1", "key", "some-model", 2)
    try:
        yield embedder
    finally:
        await embedder.aclose()
        server.close()
        await server.wait_closed()


def rows(texts: list[str]) -> dict[str, Any]:
    """Each text's length as its vector, last first: the index says which is which."""
    return {"data": [{"index": i, "embedding": [len(t), 1]} for i, t in reversed(list(enumerate(texts)))]}


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
