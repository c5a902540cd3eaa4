"""Servers that misbehave: what each does with whoever has asked it for something."""

import asyncio
from collections.abc import Awaitable, Callable

Misbehaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]

_ENDLESS_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


async def drip_header(writer: asyncio.StreamWriter) -> None:
    """A header that never ends, slowly: each read has its byte in time."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    await _drip(writer, b"x")


async def drip_body(writer: asyncio.StreamWriter) -> None:
    """A body that never ends, as slowly."""
    writer.write(_ENDLESS_HEAD)
    await _drip(writer, b"1\r\nx\r\n")


async def flood(writer: asyncio.StreamWriter) -> None:
    """A body that never ends, fast."""
    writer.write(_ENDLESS_HEAD)
    while True:
        writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        await writer.drain()


async def silence(_: asyncio.StreamWriter) -> None:
    """No answer at all."""
    await asyncio.Event().wait()


async def _drip(writer: asyncio.StreamWriter, drop: bytes) -> None:
    while True:
        writer.write(drop)
        await writer.drain()
        await asyncio.sleep(0.01)
