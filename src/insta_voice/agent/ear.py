"""What the caller's page tells of the caller's ear: that a sound of ours has begun there, and how long that took.

All of it is the word of somebody else's program: it is read with bounds, and what it is worth is decided in
`record.sounded`, against our own clock.
"""

import json
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from livekit import rtc

from insta_voice.agent.incoming import beginning
from insta_voice.agent.tasks import Tasks
from insta_voice.clock import loop_time_s

log = logging.getLogger(__name__)

HEARD_TOPIC = "insta.heard"
LONGEST = 200  # characters; a report has 70
LONGEST_MS = 60_000.0  # who has been silent for longer was not waiting for this
APART_S = 0.25  # sounds that are told apart have 0.3 s without sound between them
AT_ONCE = 4  # a page that was busy, or hidden and run once a second, tells at once of all that began meanwhile
_SENT_WITHIN_S = 5.0  # a report is one packet or three, and the page may be busy between them


@dataclass(frozen=True, slots=True)
class Onset:
    """A sound of the assistant that began at the caller's ear. Differences on the page's clock, in milliseconds:
    `silence_ms` from the caller's own last sound to it, None where there was none; `quiet_ms` from the assistant's last
    sound before it, None where it was the first; `sent_after_ms` from it to the report. `arrived_at` is ours, in
    seconds.
    """

    silence_ms: float | None
    quiet_ms: float | None
    sent_after_ms: float
    arrived_at: float


class EarReports:
    """One per call. `take` is given each report of `caller`; nobody else's is read."""

    def __init__(self, caller: str, take: Callable[[Onset], None], *, clock: Callable[[], float] = loop_time_s) -> None:
        self._caller = caller
        self._take = take
        self._clock = clock
        self._tasks = Tasks()
        self._in_hand = 0
        self._due_at = -math.inf  # when the next one would come if none came before its time
        self._told = False

    def listen(self, room: rtc.Room) -> None:
        """From now on; call it once per room."""
        room.register_text_stream_handler(HEARD_TOPIC, self.opened)

    def opened(self, reader: rtc.TextStreamReader, identity: str) -> None:
        """A stream begins."""
        now = self._clock()
        if identity != self._caller:
            self._refuse(reader, "it is not the caller's")
        elif self._in_hand >= AT_ONCE or self._due_at - now > (AT_ONCE - 1) * APART_S:
            self._refuse(reader, "they come faster than sounds begin")
        else:
            self._in_hand += 1
            self._due_at = max(now, self._due_at) + APART_S
            self._tasks.spawn(self._receive(reader, now), "ear-report")

    async def aclose(self) -> None:
        """Nothing is taken any more."""
        await self._tasks.aclose()

    async def _receive(self, reader: rtc.TextStreamReader, arrived_at: float) -> None:
        try:
            text = await beginning(reader, characters=LONGEST, within_s=_SENT_WITHIN_S)
        except (rtc.StreamError, TimeoutError):
            self._tell("it broke off")
            return
        finally:
            self._in_hand -= 1
        onset = read_onset(text, arrived_at)
        if onset is None:
            self._tell("it says something else")
        else:
            self._take(onset)

    def _refuse(self, reader: rtc.TextStreamReader, why: str) -> None:
        reader.close()
        self._tell(why)

    def _tell(self, why: str) -> None:
        """Once a call: whoever sends a thousand writes no log."""
        if not self._told:
            self._told = True
            log.warning("a report of what was heard is not taken, and no other like it is told: %s", why)


def read_onset(text: str, arrived_at: float) -> Onset | None:
    """The report in a message; None when it is none."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    silence, quiet, sent_after = (said.get(name) for name in ("silence_ms", "quiet_ms", "sent_after_ms"))
    durations = [sent_after, *(each for each in (silence, quiet) if each is not None)]
    if not all(_is_duration(each) for each in durations):
        return None
    return Onset(silence, quiet, cast(float, sent_after), arrived_at)


def _is_duration(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST_MS
