"""A stream that hangs is a stream that failed."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import TypeVar

from livekit.agents import APITimeoutError

T = TypeVar("T")


async def timely(items: AsyncIterable[T], *, first_s: float, next_s: float) -> AsyncIterator[T]:
    """`items`; APITimeoutError when the first takes longer than `first_s`, or a later one than `next_s`."""
    iterator = aiter(items)
    patience_s = first_s
    while True:
        try:
            async with asyncio.timeout(patience_s):
                item = await anext(iterator)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise APITimeoutError from error
        yield item
        patience_s = next_s
