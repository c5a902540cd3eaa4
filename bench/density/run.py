"""Rounds of more and more calls at once, each at most a minute and a half, and what became of them."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.density.call import Asked, Held, hold
from bench.density.cost import Cost, Meter
from bench.density.customers import CallingCustomer
from bench.density.together import Together

from insta_voice.demo.microphone import Pcm

ROUND_S: Final = 90.0
_LAST_QUESTION_S: Final = 20.0  # of a round, kept for a question that has begun and its answer
# A caller comes every so often: the process of a call takes a second of a processor to be made ready, and a hundred
# people do not call in one moment. All of them are there while it is measured.
_APART_S: Final = 1.5
_OVER_WITHIN_S: Final = 20.0
_POLL_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Round:
    """`wanted` callers at once; `asked` is what counts, `cost` of the time in which that was asked."""

    wanted: int
    held: list[Held]
    asked: list[Asked]
    lasted_s: float
    cost: Cost | None

    @property
    def calls(self) -> int:
        """Those that were held."""
        return sum(not one.refused for one in self.held)


async def hold_round(customers: Sequence[CallingCustomer], questions: Sequence[Pcm], turns: int) -> Round:
    """As many calls as customers, at once."""
    together = Together(len(customers), turns, ROUND_S - _LAST_QUESTION_S)

    async def measure() -> Cost | None:
        await together.everybody.wait()
        if not together.here:
            return None
        meter = Meter()
        await together.over.wait()
        return meter.cost(together.here, together.until_s - together.from_s)

    async def come(number: int, customer: CallingCustomer) -> Held:
        await asyncio.sleep(number * _APART_S)
        begin = number * len(questions) // len(customers)  # nobody asks what their neighbour asks
        return await hold(customer, [*questions[begin:], *questions[:begin]], together)

    measuring = asyncio.create_task(measure(), name="measure costs")
    held = await asyncio.gather(*(come(number, customer) for number, customer in enumerate(customers)))
    cost = await measuring
    await _until_over(customers, held)
    counted = [one for call in held for one in call.asked if one.at_s >= together.from_s]
    return Round(len(customers), held, counted, together.until_s - together.from_s, cost)


async def _until_over(customers: Sequence[CallingCustomer], held: Sequence[Held]) -> None:
    """Nobody may hold two calls: the next round begins when these have ended in the record too."""
    open_calls = [(customer, one.call_id) for customer, one in zip(customers, held, strict=True) if one.call_id]
    until_s = time.monotonic() + _OVER_WITHIN_S
    while open_calls and time.monotonic() < until_s:
        open_calls = [(customer, call_id) for customer, call_id in open_calls if not await customer.is_over(call_id)]
        await asyncio.sleep(_POLL_S)
