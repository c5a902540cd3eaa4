"""Whether a provider is worth asking: a circuit breaker."""

import logging
from collections.abc import Callable

from insta_voice.clock import loop_time_s

log = logging.getLogger(__name__)

# One failure happens to every provider. After the second in a row each further caller would wait for nothing.
FAILURES_IN_A_ROW = 2
# An outage is seldom over sooner, and asking costs a caller up to a deadline; longer each time, so that a day without
# the provider is not a day of late answers.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 20.0, 300.0


class Breaker:
    """One per provider. Who asks says how it ended; a pause that is over makes the next question the probe."""

    def __init__(self, name: str, *, clock: Callable[[], float] = loop_time_s) -> None:
        self.name = name
        self._clock = clock
        self._failures = 0
        self._pauses = 0
        self._closed_until_s = 0.0

    @property
    def usable(self) -> bool:
        """Whether to ask it now."""
        return self._clock() >= self._closed_until_s

    def succeeded(self) -> None:
        """It answered: nothing is held against it."""
        if self._pauses:
            log.info("%s answers again", self.name)
        self._failures = self._pauses = 0
        self._closed_until_s = 0.0

    def failed(self, *, hopeless: bool = False) -> None:
        """It did not; `hopeless` when asking again cannot help, as with a key that is refused."""
        self._failures += 1
        if not hopeless and not self._pauses and self._failures < FAILURES_IN_A_ROW:
            return
        pause_s = min(FIRST_PAUSE_S * 2**self._pauses, LONGEST_PAUSE_S)
        self._pauses += 1
        self._closed_until_s = self._clock() + pause_s
        log.warning("%s is left alone for %.0f s", self.name, pause_s)
