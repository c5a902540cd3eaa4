"""A stream is given up when it hangs, and not while what it has given is still being heard."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from livekit.agents import APITimeoutError
from tests.support.virtual_clock import run_virtual

from insta_voice.voice.fallback import timely


async def items(*waits_s: float) -> AsyncIterator[float]:
    """An item after each wait; the item is its wait."""
    for wait_s in waits_s:
        await asyncio.sleep(wait_s)
        yield wait_s


def taken(*waits_s: float, lasts_s: float = 0.0) -> list[float]:
    """What came in time, with 3 s for the first and 2 s for the next; APITimeoutError when one did not."""

    async def run() -> list[float]:
        stream = timely(items(*waits_s), first_s=3, next_s=2, lasts_s=lambda _: lasts_s)
        return [item async for item in stream]

    return run_virtual(run())


def test_what_comes_in_time_comes_through() -> None:
    assert taken(2.9, 1.9, 1.9) == [2.9, 1.9, 1.9]


@pytest.mark.parametrize("waits_s", [(3.1,), (0.0, 2.1), (0.0, 0.0, 2.1)])
def test_what_does_not_is_given_up(waits_s: tuple[float, ...]) -> None:
    with pytest.raises(APITimeoutError):
        taken(*waits_s)


def test_what_is_still_to_be_heard_is_waited_for() -> None:
    """Three seconds of sound came at once: silence begins at 3 s, and is too long at 5 s."""
    assert taken(0.0, 0.0, 0.0, 4.9, lasts_s=1.0) == [0.0, 0.0, 0.0, 4.9]
    with pytest.raises(APITimeoutError):
        taken(0.0, 0.0, 0.0, 5.1, lasts_s=1.0)
