"""A company's HTTP endpoint on loopback: answers with what it is given, keeps what it was asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came over the socket."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Endpoint:
    """`answer` is sent as it is; None keeps the connection open and says nothing."""

    url: str
    answer: bytes | None
    asked: list[Asked] = field(default_factory=list)


def answer(body: str, status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP answer with `body`."""
    content = body.encode()
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers])
    return f"{head}\r\n\r\n".encode() + content


@asynccontextmanager
async def serving_endpoint(first: bytes | None = b"", host: str = "127.0.0.1") -> AsyncIterator[Endpoint]:
    """A running endpoint; change its `answer` at any time."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *rest = head.rstrip().split("\r\n")
        headers = {name.lower(): value for name, value in (part.split(": ", 1) for part in rest)}
        endpoint.asked.append(Asked(line, headers, await reader.readexactly(int(headers["content-length"]))))
        if endpoint.answer is None:
            await over.wait()
        else:
            writer.write(endpoint.answer)
        writer.close()

    server = await asyncio.start_server(serve, host, 0)
    endpoint = Endpoint(f"http://{host}:{server.sockets[0].getsockname()[1]}/account", first)
    async with server:
        yield endpoint
        over.set()
