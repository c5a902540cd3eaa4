"""What the caller types: read no further than it is used, one message after the other, no faster than people type.

LiveKit's own handler reads a message to its end, however long, and starts an answer for each of a thousand.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from livekit import rtc

from insta_voice.agent.incoming import beginning
from insta_voice.agent.tasks import Tasks

log = logging.getLogger(__name__)

TYPED_TOPIC = "lk.chat"
LONGEST = 2000  # characters; more is cut
WAITING = 3  # messages; whoever sends more before the first is taken is not typing
APART_S = 1.0  # an answer costs a search and a model's first words: not several a second
_SENT_WITHIN_S = 10.0  # LONGEST characters take milliseconds; a stream that is never ended is given up


class TypedText:
    """One per call. `take` is given each message of `caller`; nobody else's is read."""

    def __init__(
        self,
        caller: str,
        take: Callable[[str], Awaitable[None]],
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._caller = caller
        self._take = take
        self._clock = clock
        self._pause = pause
        self._tasks = Tasks()
        self._in_hand = 0
        self._one_at_a_time = asyncio.Lock()
        self._next_at = 0.0

    def listen(self, room: rtc.Room) -> None:
        """From now on; call it once per room."""
        room.register_text_stream_handler(TYPED_TOPIC, self.opened)

    def opened(self, reader: rtc.TextStreamReader, identity: str) -> None:
        """A stream begins."""
        if identity != self._caller or self._in_hand > WAITING:
            reader.close()
            if identity == self._caller:
                log.warning("typed text comes faster than it can be answered: a message is dropped")
            return
        self._in_hand += 1
        self._tasks.spawn(self._receive(reader), "typed-text")

    async def aclose(self) -> None:
        """Nothing typed is taken any more."""
        await self._tasks.aclose()

    async def _receive(self, reader: rtc.TextStreamReader) -> None:
        try:
            text = (await _beginning(reader)).strip()
            if text:
                async with self._one_at_a_time:
                    await self._pause(max(0.0, self._next_at - self._clock()))
                    await self._take(text)
                    self._next_at = self._clock() + APART_S
        finally:
            self._in_hand -= 1


async def _beginning(reader: rtc.TextStreamReader) -> str:
    """The first LONGEST characters; nothing of a message whose sender broke off."""
    try:
        return await beginning(reader, characters=LONGEST, within_s=_SENT_WITHIN_S)
    except (rtc.StreamError, TimeoutError) as error:
        log.warning("typed text did not arrive: %s", type(error).__name__)
        return ""
