"""How long callers waited for answers, at their ear, as the record has it: a histogram of every call since the first.

Each API of an installation says the same: it is the installation's, not the process's.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from insta_voice.calls import HeardWithin, heard_answers
from insta_voice.db import Database
from insta_voice.errors import DBDriverError

# It takes a millisecond; a scrape is given up after 10 s as a rule, and the other numbers are to arrive by then.
_READ_WITHIN_S: Final = 2.0
_REMEMBER_S: Final = 1.0  # whoever reaches the API may ask for it; the database is asked once a second at most


class HeardAnswers(Collector):
    """`read` before each collection."""

    def __init__(self, db: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._clock = clock
        self._reading = asyncio.Lock()
        self._read_at: float | None = None
        self._heard: tuple[HeardWithin, ...] = ()

    async def read(self) -> None:
        """Ask the record; nothing is said of it while the database is away, or not migrated yet."""
        async with self._reading:
            if self._read_at is not None and self._clock() - self._read_at < _REMEMBER_S:
                return
            try:
                async with asyncio.timeout(_READ_WITHIN_S):
                    self._heard = await heard_answers(self._db)
            except (DBDriverError, TimeoutError):
                self._heard = ()
            self._read_at = self._clock()

    def collect(self) -> Iterator[Metric]:
        """For the registry."""
        if self._heard:
            yield _as_histogram(self._heard)


def _as_histogram(heard: tuple[HeardWithin, ...]) -> Metric:
    """In seconds, as Prometheus has it."""
    until_then = list(accumulate(one.answers for one in heard))
    buckets = [
        (str(one.up_to_ms / 1000), float(answers))
        for one, answers in zip(heard, until_then, strict=True)
        if one.up_to_ms != float("inf")
    ]
    return HistogramMetricFamily(
        "insta_answer_heard_seconds",
        "From the end of what a caller said to the first sound of the answer at their ear",
        buckets=[*buckets, ("+Inf", float(until_then[-1]))],
        sum_value=sum(one.waited_ms for one in heard) / 1000,
    )
