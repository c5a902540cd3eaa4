"""A provider that fails is left alone for a while, longer each time, and asked again by whoever comes then."""

import pytest

from insta_voice.voice.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("openai gpt", clock=clock)


def test_one_failure_happens_to_everyone(breaker: Breaker) -> None:
    breaker.failed()
    assert breaker.admits()
    breaker.succeeded()
    breaker.failed()
    assert breaker.admits()


def test_two_in_a_row_are_a_pause(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    breaker.failed()
    assert not breaker.admits()
    clock.now_s += 19.9
    assert not breaker.admits()
    clock.now_s += 0.2
    assert breaker.admits()


def test_who_cannot_be_helped_by_asking_again_is_left_alone_at_once(breaker: Breaker) -> None:
    breaker.failed(hopeless=True)
    assert not breaker.admits()


def test_pauses_grow_to_five_minutes_and_one_answer_ends_them(breaker: Breaker, clock: Clock) -> None:
    breaker.failed(hopeless=True)
    pauses = []
    for _ in range(6):
        before_s = clock.now_s
        while not breaker.admits():
            clock.now_s += 1
        pauses.append(clock.now_s - before_s)
        breaker.failed()  # the probe fails too
    assert pauses == [20, 40, 80, 160, 300, 300]
    breaker.succeeded()
    breaker.failed()
    assert breaker.admits()
