"""Politeness: a host is asked again only after a pause, and not before the time it names itself."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

PAUSE_S: Final = 1.0
"""Between two requests to a host; what robots.txt asks for (Crawl-delay) counts when it is longer."""

LONGEST_PAUSE_S: Final = 30.0  # a longer Crawl-delay is kept at this: a help centre would take days

Sleep = Callable[[float], Awaitable[None]]


class Pace:
    """When each host may be asked next. Requests come one after the other: there is one at a time."""

    def __init__(
        self, pause_s: float = PAUSE_S, *, sleep: Sleep = asyncio.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause_s = pause_s
        self._sleep = sleep
        self._clock = clock
        self._free_at: dict[str, float] = {}

    async def wait(self, place: str) -> None:
        """Wait until `place` may be asked."""
        wait_s = self._free_at.get(place, 0.0) - self._clock()
        if wait_s > 0:
            await self._sleep(wait_s)

    def asked(self, place: str, wanted_s: float = 0.0) -> None:
        """Note that `place` has answered, and how long it wants to be left alone."""
        pause_s = max(self._pause_s, min(wanted_s, LONGEST_PAUSE_S))
        self.rest(place, pause_s)

    def rest(self, place: str, wait_s: float) -> None:
        """Leave `place` alone for so long."""
        self._free_at[place] = max(self._free_at.get(place, 0.0), self._clock() + wait_s)
