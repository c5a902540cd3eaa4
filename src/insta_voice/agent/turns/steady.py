"""Windows that come steadily: a track that is muted in mid-turn sends nothing, and the turn must end all the same."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from insta_voice.agent.turns.ports import SAMPLE_RATE, WINDOW_S, Window

_TIMEOUT_S = 0.15  # without audio for this long time goes on as silence
_WINDOW_BYTES = int(WINDOW_S * SAMPLE_RATE) * 2


async def with_silence(windows: AsyncIterator[Window], turn_open: Callable[[], bool]) -> AsyncGenerator[Window, None]:
    """The windows; and silence instead, when none come while a turn is open."""
    iterator = aiter(windows)
    coming: asyncio.Future[Window] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(_next(iterator))
            done, _ = await asyncio.wait({coming}, timeout=_TIMEOUT_S if turn_open() else None)
            if not done:
                yield Window(bytes(_WINDOW_BYTES), 0.0)
                for _ in range(int(_TIMEOUT_S / WINDOW_S) - 1):
                    yield Window(bytes(_WINDOW_BYTES), 0.0)
                continue
            window, coming = coming, None
            try:
                yield window.result()
            except _Exhausted:
                return
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait({coming})  # else nobody can close the windows


async def _next(iterator: AsyncIterator[Window]) -> Window:
    try:
        return await anext(iterator)
    except StopAsyncIteration:
        raise _Exhausted from None


class _Exhausted(Exception):
    """The audio ended."""
