"""A host is left alone for as long as it should be, and no other is held up by it."""

import pytest

from insta_voice.knowledge.web.pace import LONGEST_PAUSE_S, PAUSE_S, Pace


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.waits_s: list[float] = []

    async def sleep(self, wait_s: float) -> None:
        self.waits_s.append(wait_s)
        self.now_s += wait_s


def pace(clock: Clock) -> Pace:
    return Pace(sleep=clock.sleep, clock=lambda: clock.now_s)


async def test_a_host_is_asked_again_after_a_pause() -> None:
    clock = Clock()
    asking = pace(clock)
    await asking.wait("help.example")
    asking.asked("help.example")
    await asking.wait("other.example")
    clock.now_s += 0.4
    await asking.wait("help.example")
    assert clock.waits_s == [pytest.approx(PAUSE_S - 0.4)]


async def test_a_longer_pause_that_a_site_wants_counts_within_reason() -> None:
    clock = Clock()
    asking = pace(clock)
    for wanted_s in (7.0, 0.1, 86_400.0):
        asking.asked("help.example", wanted_s)
        await asking.wait("help.example")
    assert clock.waits_s == [7.0, PAUSE_S, LONGEST_PAUSE_S]


async def test_who_wants_to_be_left_alone_is() -> None:
    clock = Clock()
    asking = pace(clock)
    asking.rest("help.example", 60.0)
    asking.asked("help.example")
    await asking.wait("help.example")
    assert clock.waits_s == [60.0]
