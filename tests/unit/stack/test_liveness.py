"""When a silence is a part's own, on a clock of the test's."""

from insta_voice.stack.liveness import LOOK_EVERY_S, Liveness


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def looks(liveness: Liveness, clock: Clock, seconds: int) -> list[bool]:
    verdicts = []
    for _ in range(seconds):
        clock.now += LOOK_EVERY_S
        verdicts.append(liveness.silent_too_long())
    return verdicts


def test_a_part_is_given_up_when_it_was_silent_for_longer_than_it_may() -> None:
    clock = Clock()
    liveness = Liveness(5.0, clock=clock)
    assert looks(liveness, clock, 7) == [False] * 5 + [True] * 2


def test_a_sign_of_life_begins_the_time_anew() -> None:
    clock = Clock()
    liveness = Liveness(5.0, clock=clock)
    assert not any(looks(liveness, clock, 5))
    liveness.heard()
    assert looks(liveness, clock, 6) == [False] * 5 + [True]


def test_time_in_which_nobody_looked_is_nobodys_silence() -> None:
    """A laptop that slept for an hour wakes with every part still running."""
    clock = Clock()
    liveness = Liveness(5.0, clock=clock)
    assert not any(looks(liveness, clock, 3))
    clock.now += 3600
    assert not liveness.silent_too_long()
    assert looks(liveness, clock, 3) == [False, True, True]


def test_a_late_look_does_not_give_more_time_than_passed() -> None:
    clock = Clock()
    liveness = Liveness(5.0, clock=clock)
    liveness.heard()
    clock.now += 60
    assert not liveness.silent_too_long()
    assert looks(liveness, clock, 6).index(True) <= 5
