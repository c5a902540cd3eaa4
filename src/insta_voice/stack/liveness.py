"""How long a part has been silent, told from how long we ourselves have been away."""

import time
from collections.abc import Callable
from typing import Final

LOOK_EVERY_S: Final = 1.0
# Beyond this a look came late because nothing of this machine ran, or we did not: a suspended laptop, a stopped
# container, a debugger. The parts could not be heard meanwhile, so it is no silence of theirs.
_LATE_S: Final = 1.0


class Liveness:
    """`heard` whenever the part gave a sign of life; `silent_too_long` is asked every second, on a monotonic clock."""

    def __init__(self, at_most_s: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_most_s = at_most_s
        self._clock = clock
        self._heard_at_s = self._looked_at_s = clock()

    def heard(self) -> None:
        """It lives."""
        self._heard_at_s = self._clock()

    def silent_too_long(self) -> bool:
        """Whether it has given no sign of life for longer than it may."""
        now = self._clock()
        late_s = now - self._looked_at_s - LOOK_EVERY_S
        self._looked_at_s = now
        if late_s > _LATE_S:
            self._heard_at_s = min(now, self._heard_at_s + late_s)
        return now - self._heard_at_s > self._at_most_s
