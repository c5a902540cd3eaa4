"""A server of vectors on loopback, which answers as a test says, and the embedder that asks it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from insta_voice.knowledge import HttpEmbedder

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
