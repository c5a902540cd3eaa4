"""Waiting for something real, with an end: no test sleeps for a fixed time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(ask: Callable[[], T], *, within_s: float, what: str) -> T:
    """The first true answer of `ask`; AssertionError saying `what` did not happen in time."""
    deadline = time.monotonic() + within_s
    while True:
        if answer := ask():
            return answer
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {what}"
        time.sleep(0.02)


async def eventually_async(ask: Callable[[], Awaitable[T]], *, within_s: float, what: str) -> T:
    """`eventually` for a question that is awaited."""
    deadline = time.monotonic() + within_s
    while True:
        if answer := await ask():
            return answer
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {what}"
        await asyncio.sleep(0.05)
