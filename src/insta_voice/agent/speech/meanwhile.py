"""A word while the first one is thought about."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import TypeVar

T = TypeVar("T")


async def with_word(
    items: AsyncGenerator[T, None], within_s: float, word: Callable[[], Awaitable[T]]
) -> AsyncGenerator[T, None]:
    """`items`, and `word` before them when the first takes longer than `within_s`."""
    async with aclosing(items):
        first = asyncio.create_task(_next(items), name="first-word")
        try:
            await asyncio.wait({first}, timeout=within_s)
            if not first.done():
                yield await word()
            with suppress(_Exhausted):
                yield await first
                async for item in items:
                    yield item
        finally:
            first.cancel()
            await asyncio.wait({first})


async def _next(items: AsyncGenerator[T, None]) -> T:
    try:
        return await anext(items)
    except StopAsyncIteration:
        raise _Exhausted from None


class _Exhausted(Exception):
    """There was not one item."""
