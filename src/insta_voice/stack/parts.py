"""What a part is: a program to run, how it says that it is ready, and how it wants to be stopped. Data only."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field


async def at_once() -> None:
    """A part that is ready as soon as it notifies, or as soon as it runs when it does not."""


@dataclass(frozen=True, slots=True)
class Part:
    """One supervised program."""

    name: str
    command: Callable[[], list[str]]
    """Asked before each start, so that a part may choose anew."""

    env: Mapping[str, str]
    """The whole environment of the program; nothing is added but NOTIFY_SOCKET and WATCHDOG_USEC."""

    needs: tuple[str, ...] = ()
    """Parts that have to be ready before the first start. They may go away and come back later."""

    starts_after: tuple[str, ...] = ()
    """Parts that are given the processor first. Unlike a need, this says nothing about the order of stopping."""

    notifies: bool = False
    """It sends READY=1 to NOTIFY_SOCKET (sd_notify(3))."""

    answers: Callable[[], Awaitable[None]] = at_once
    """Returns once the part serves, asked after READY=1 when it notifies."""

    prepare: Callable[[], None] | None = None
    """Blocking work before each start, done in a thread."""

    after_ready: Callable[[], Awaitable[None]] | None = None
    """What has to be put into it before others may use it, after each start."""

    ready_within_s: float = 60.0
    """A part that takes longer is killed and started again. A cold, busy laptop loads all models within 30 s."""

    silent_at_most_s: float | None = None
    """Without a sign of life for longer, a part that was ready is killed and started again; None: it is not watched."""

    still_answers: Callable[[], Awaitable[None]] | None = None
    """The sign of life: returns once it answers, asked again and again. None: it sends WATCHDOG=1 by itself."""

    stop_signal: signal.Signals = signal.SIGTERM
    stop_again_after_s: float | None = None
    """Send the signal a second time: livekit-server waits for its rooms to empty until it is told twice."""

    last_words: str | None = None
    """What it logs of every connection when it is told to stop: nobody's trouble, and left out of the log then."""


@dataclass(slots=True)
class Backoff:
    """Seconds to wait before the next start: doubling, forgotten once a run has lasted."""

    first_s: float = 0.5
    longest_s: float = 10.0
    lasted_s: float = 30.0  # longer than any part takes to be ready: it worked, so this failure is a new one
    _next_s: float = field(init=False, default=0.0)

    def delay_after(self, ran_for_s: float) -> float:
        """The wait after a run of `ran_for_s` seconds."""
        if ran_for_s >= self.lasted_s or self._next_s == 0.0:
            self._next_s = self.first_s
        delay, self._next_s = self._next_s, min(self._next_s * 2, self.longest_s)
        return delay
