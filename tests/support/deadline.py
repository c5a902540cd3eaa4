"""Waiting for something real, with an end: no test sleeps for a fixed time."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def eventually(condition: Callable[[], Awaitable[bool]], *, within_s: float, what: str) -> float:
    """Ask until `condition` holds; returns the seconds it took, fails with `what` after `within_s`."""
    started = time.monotonic()
    while not await condition():
        if time.monotonic() - started > within_s:
            raise AssertionError(f"not within {within_s} s: {what}")
        await asyncio.sleep(0.05)
    return time.monotonic() - started
