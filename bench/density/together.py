"""What the callers of one round have in common: counted is what is asked from when all of them are there until they
have asked enough together, or the time is over; nobody leaves before, so that all of it is asked among as many calls.
"""

import asyncio
import time
from collections.abc import Callable


class Together:
    """`callers` who come, to ask `turns` questions a call that count, within `within_s` seconds from now."""

    def __init__(
        self, callers: int, turns: int, within_s: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.here = 0
        """How many have a call."""

        self.everybody = asyncio.Event()
        self.over = asyncio.Event()
        self.from_s = self.until_s = float("inf")
        self._ends_s = clock() + within_s
        self._clock = clock
        self._awaited = callers
        self._gone = 0
        self._turns = turns
        self._counted = 0

    def joined(self) -> None:
        """One more is in a call."""
        self.here += 1
        self._came()

    def refused(self) -> None:
        """One more will have none."""
        self._came()

    def asked(self, at_s: float) -> None:
        """A question was answered, or not; its last sample left at `at_s`."""
        self._counted += at_s >= self.from_s
        if self._counted >= self.here * self._turns or self._clock() >= self._ends_s:
            self._end()

    def left(self) -> None:
        """One has no call any more, by their own will or not."""
        self._gone += 1
        if self.everybody.is_set() and self._gone >= self.here:
            self._end()

    def _came(self) -> None:
        self._awaited -= 1
        if self._awaited == 0:
            self.from_s = self._clock()
            self.everybody.set()
            if self._gone >= self.here:
                self._end()

    def _end(self) -> None:
        if not self.over.is_set():
            self.until_s = self._clock()
            self.over.set()
