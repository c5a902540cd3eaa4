"""A stream that hangs is a stream that failed."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import TypeVar

from livekit.agents import APITimeoutError

T = TypeVar("T")


async def timely(
    items: AsyncIterable[T], *, first_s: float, next_s: float, lasts_s: Callable[[T], float] = lambda _: 0.0
) -> AsyncIterator[T]:
    """`items`; APITimeoutError when the first takes longer than `first_s`, or a later one than `next_s` after all that
    came before is over: an item lasts for `lasts_s`.
    """
    clock = asyncio.get_running_loop().time
    iterator = aiter(items)
    patience_s, over_at = first_s, 0.0
    while True:
        try:
            async with asyncio.timeout(patience_s):
                item = await anext(iterator)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise APITimeoutError from error
        over_at = max(over_at, clock()) + lasts_s(item)
        yield item
        patience_s = next_s + max(0.0, over_at - clock())
