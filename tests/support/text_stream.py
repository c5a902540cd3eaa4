"""A text stream as the room gives it."""

import asyncio
from collections.abc import Iterable

from livekit import rtc


class Stream:
    """In chunks; `breaks` off after the last of them. `read` counts characters."""

    def __init__(self, chunks: Iterable[str], *, breaks: bool = False) -> None:
        self._chunks = iter(chunks)
        self._breaks = breaks
        self.read = 0
        self.closed = False

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> str:
        await asyncio.sleep(0)
        for chunk in self._chunks:
            self.read += len(chunk)
            return chunk
        if self._breaks:
            raise rtc.StreamError("gone")
        raise StopAsyncIteration

    def close(self) -> None:
        self.closed = True
