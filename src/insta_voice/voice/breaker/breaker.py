"""Whether a provider is worth asking: a circuit breaker."""

import logging
from collections.abc import Callable
from dataclasses import replace

from insta_voice.clock import loop_time_s
from insta_voice.voice.breaker.store import NOTHING, Held, InMemory, Store

log = logging.getLogger(__name__)

# One failure happens to every provider. After the second in a row each further caller would wait for nothing.
FAILURES_IN_A_ROW = 2
# An outage is seldom over sooner, and asking costs a caller up to a deadline; longer each time, so that a day without
# the provider is not a day of late answers.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 20.0, 300.0
# Every deadline of a provider is over by then. Who was to try it and was cut off leaves it to the next.
PROBED_WITHIN_S = 10.0
# Failures further apart are not in a row. It is more than the longest pause, so that an outage is not forgotten in it.
REMEMBERED_S = 600.0


class Breaker:
    """Of one provider in one call. Who asks it says how that ended; a pause that is over makes one of all who would
    ask the probe.
    """

    def __init__(self, name: str, store: Store | None = None, *, clock: Callable[[], float] = loop_time_s) -> None:
        self.name = name
        self._store = store or InMemory()
        self._clock = clock
        self._probing = False

    def admits(self) -> bool:
        """Whether to ask it now. To be called by who then does."""
        self._probing = False
        if not self._held().pauses:
            return True
        self._probing = self._store.change(self.name, self._leased)
        return self._probing

    @property
    def pause_left_s(self) -> float:
        """How long it is not to be asked; 0 when it is, or is to be tried."""
        held = self._held()
        return max(0.0, held.until_s - self._clock()) if held.pauses else 0.0

    def succeeded(self) -> None:
        """It answered: nothing is held against it."""
        held, self._probing = self._held(), False
        if held != NOTHING and self._store.change(self.name, lambda _: NOTHING) and held.pauses:
            log.info("%s answers again", self.name)

    def failed(self, *, hopeless: bool = False) -> None:
        """It did not; `hopeless` when asking again cannot help, as with a key that is refused."""
        if self._store.change(self.name, lambda held: self._after_failure(held, hopeless=hopeless)):
            pause_s = self.pause_left_s
            if pause_s:
                log.warning("%s is left alone for %.0f s", self.name, pause_s)
        self._probing = False

    def _held(self) -> Held:
        return believed(self._store.read(self.name), self._clock())

    def _leased(self, held: Held) -> Held | None:
        now_s = self._clock()
        held = believed(held, now_s)
        return None if now_s < held.until_s else replace(held, until_s=now_s + PROBED_WITHIN_S, at_s=now_s)

    def _after_failure(self, held: Held, *, hopeless: bool) -> Held | None:
        now_s = self._clock()
        held = believed(held, now_s)
        if now_s < held.until_s and not self._probing:
            return None  # it was asked before it was left alone
        failures = held.failures + 1
        if not hopeless and not held.pauses and failures < FAILURES_IN_A_ROW:
            return Held(failures, at_s=now_s)
        pause_s = min(FIRST_PAUSE_S * 2**held.pauses, LONGEST_PAUSE_S)
        return Held(failures, held.pauses + 1, now_s + pause_s, now_s)


class Breakers:
    """Of all providers in one call."""

    def __init__(self, store: Store | None = None, *, clock: Callable[[], float] = loop_time_s) -> None:
        """`store`: where it is known beyond this call."""
        self._store = store or InMemory()
        self._clock = clock

    def of(self, name: str) -> Breaker:
        """The breaker of the provider that is named so in the log."""
        return Breaker(name, self._store, clock=self._clock)


def believed(held: Held, now_s: float) -> Held:
    """What is still to be believed: not what is old, nor what another run of the machine has written."""
    written_s_ago = now_s - held.at_s
    recent = 0 <= written_s_ago <= REMEMBERED_S and held.until_s - held.at_s <= LONGEST_PAUSE_S
    return held if recent else NOTHING
