"""When a call is given up: a part of it fails again and again, and nobody is left to stand in for it."""

import logging
from collections import Counter
from collections.abc import Callable, Collection
from typing import Final, Literal, get_args

from livekit.agents import APIError

log = logging.getLogger(__name__)

# One failure happens to every provider, and the caller is asked to say it again. After the second in a row they would
# only be asked once more.
FAILURES_IN_A_ROW = 2

Part = Literal["mind", "voice", "ears"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)


class LastResort:
    """One per call. Who asks a part says how it ended."""

    def __init__(self, give_up: Callable[[], None] | None = None, parts: Collection[Part] = PARTS) -> None:
        """`give_up` ends the call, with an apology and a ticket, for one of `parts`; without it nothing is given up."""
        self._give_up = give_up
        self._parts = parts
        self._failures: Counter[Part] = Counter()

    def worked(self, part: Part) -> None:
        """It did what it was asked: nothing is held against it."""
        self._failures[part] = 0

    def failed(self, part: Part, error: Exception | None = None) -> bool:
        """It did not. True when the call ends for it: then nothing else need be said."""
        self._failures[part] += 1
        if self._give_up is None or part not in self._parts:
            return False
        hopeless = isinstance(error, APIError) and not error.retryable  # as with a key that is refused
        if not (hopeless or self._failures[part] >= FAILURES_IN_A_ROW):
            return False
        log.warning("the %s is away, and nobody stands in for it: the call ends", part)
        self._give_up()
        return True
