"""What is watched while a call goes on: the heartbeat, silence, and the longest time a call may take."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from insta_voice.errors import InstaVoiceError

log = logging.getLogger(__name__)

HEARTBEAT_S = 2.0  # the watcher takes an agent for dead after 5 s


async def heartbeat(touch: Callable[[], Awaitable[bool]], closed: Callable[[], None]) -> None:
    """Say every 2 s that the call has its agent; `closed` when it is over, refused, or its caller was disabled.

    A database that is away ends no call: the next beat tells.
    """
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                if not await touch():
                    closed()
                    return
        except (InstaVoiceError, TimeoutError) as error:
            if isinstance(error, InstaVoiceError) and not error.retryable:
                log.error("the call may not go on: %s %s", error.code, error.detail)
                closed()
                return
            log.warning("the call's heartbeat could not be written: %s", type(error).__name__)
        # From beat to beat: after a beat that took its 2 s the next comes at once, before the watcher's 5 s are over.
        await asyncio.sleep(max(0.0, began + HEARTBEAT_S - clock()))


@dataclass(slots=True)
class Patience:
    """Decides what a silence calls for. Seconds on a clock of the caller's choice."""

    ask_after_s: float = 20.0  # thinking, reading a screen, fetching a letter
    give_up_after_s: float = 15.0  # after having asked
    asks: int = 2
    quiet_since: float | None = None
    _asked: int = field(default=0)

    def activity(self) -> None:
        """Somebody speaks, or something is on its way."""
        self.quiet_since = None

    def caller_spoke(self) -> None:
        self.quiet_since, self._asked = None, 0

    def judge(self, now: float, *, quiet: bool) -> Literal["ask", "give_up"] | None:
        """Called about once a second; `quiet`: nobody speaks and nothing is about to be said."""
        if not quiet:
            self.quiet_since = None
            return None
        if self.quiet_since is None:
            self.quiet_since = now
            return None
        waited_s = now - self.quiet_since
        if self._asked >= self.asks and waited_s >= self.give_up_after_s:
            return "give_up"
        if self._asked < self.asks and waited_s >= (self.give_up_after_s if self._asked else self.ask_after_s):
            self._asked += 1
            self.quiet_since = None
            return "ask"
        return None


async def silence(
    patience: Patience,
    *,
    quiet: Callable[[], bool],
    ask: Callable[[], object],
    give_up: Callable[[], None],
    clock: Callable[[], float],
) -> None:
    """Ask into a long silence whether the caller is there; give up when nothing comes."""
    while True:
        await asyncio.sleep(1.0)
        match patience.judge(clock(), quiet=quiet()):
            case "ask":
                ask()
            case "give_up":
                give_up()
                return


async def time_limit(longest_s: float, reached: Callable[[], None]) -> None:
    """The longest a call may take, counted from its start."""
    await asyncio.sleep(max(0.0, longest_s))
    reached()
