"""Promise 14 at the worker: a full one gives each call too many back to LiveKit at once, for another worker. On
the virtual clock; what the token service says to those callers is test_promise_14_overload.
"""

import asyncio
from typing import Any, Final

import pytest
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.worker.admission import Admission
from insta_voice.agent.worker.places import Places

CAPACITY, CALLERS = 4, 60
LIVEKIT_SKIPS_AT: Final = 0.7  # the load
_STARTS_S: Final = 3.0  # a process
_RECORD_ANSWERS_S: Final = 0.3  # at the latest, by `admission`


class Request:
    """A job as LiveKit brings it; `answered_s` after it came."""

    def __init__(self, number: int) -> None:
        self.id = f"job-{number}"
        self.answer = ""
        self.answered_s = -1.0
        self._came_s = asyncio.get_running_loop().time()

    async def accept(self, **_: str) -> None:
        self._says("accepted")
        await asyncio.sleep(_STARTS_S)

    async def reject(self, *, terminate: bool) -> None:
        self._says("gone" if terminate else "another worker")

    def _says(self, answer: str) -> None:
        self.answer, self.answered_s = answer, asyncio.get_running_loop().time() - self._came_s


class Slow(Admission):
    """A record that takes as long as it may."""

    async def admits(self, request: Any) -> bool:
        await asyncio.sleep(_RECORD_ANSWERS_S)
        return True


async def come(places: Places, callers: int) -> list[Request]:
    """All in the same moment."""
    requests = [Request(number) for number in range(callers)]
    accepting: list[Any] = [places.accept(request) for request in requests]  # type: ignore[arg-type]
    await asyncio.gather(*accepting)
    return requests


@pytest.mark.parametrize("held", [0, 3, CAPACITY])
@on_virtual_clock
async def test_as_many_as_there_is_room_for_are_taken_and_the_rest_is_refused_at_once(held: int) -> None:
    requests = await come(Places(CAPACITY, held=lambda: held, admission=Slow()), CALLERS)
    answers = [request.answer for request in requests]
    assert answers == ["accepted"] * (CAPACITY - held) + ["another worker"] * (CALLERS - CAPACITY + held)
    assert {request.answered_s for request in requests if request.answer == "another worker"} == {0.0}, "asks nobody"


@on_virtual_clock
async def test_nobody_is_sent_to_a_full_worker_and_a_place_that_is_free_again_is_given_away() -> None:
    held = 0
    places = Places(CAPACITY, held=lambda: held, admission=Slow())
    coming = asyncio.create_task(come(places, CALLERS))
    await asyncio.sleep(_RECORD_ANSWERS_S / 2)
    assert places.load() >= LIVEKIT_SKIPS_AT, "already while their processes start"
    await coming
    held = CAPACITY
    assert places.load() >= LIVEKIT_SKIPS_AT
    held -= 1
    assert places.load() < LIVEKIT_SKIPS_AT
    assert [request.answer for request in await come(places, 2)] == ["accepted", "another worker"]
