"""Speech rendered ahead: the greeting is spoken while the room is still connecting."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from livekit import rtc
from livekit.agents import APIError, tts

log = logging.getLogger(__name__)


class Rendering:
    """Starts at once; `frames` gives what is there and what is still coming."""

    def __init__(self, voice: tts.TTS[Any], text: str) -> None:
        self.text = text
        self._voice = voice
        self._frames: asyncio.Queue[rtc.AudioFrame | None] = asyncio.Queue()
        self._failed = False
        self._settled = asyncio.Event()
        self._task = asyncio.create_task(self._render(), name="render-greeting")

    @property
    def usable(self) -> bool:
        """False when the voice failed: then it is to be asked again, in the ordinary way."""
        return not self._failed

    @property
    def begun(self) -> bool:
        """Whether there is something to hear already."""
        return not self._frames.empty() and not self._failed

    async def settled(self, within_s: float) -> None:
        """Wait until there is something to hear, or it is known that there will be nothing; not longer."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._settled.wait(), within_s)

    async def frames(self) -> AsyncIterator[rtc.AudioFrame]:
        """To be read once. A voice that failed before its first sound is asked once more; APIError when that fails
        too, or when it failed later: who hears half a greeting is to hear that it is half.
        """
        begun = False
        while (frame := await self._frames.get()) is not None:
            begun = True
            yield frame
        if not self._failed:
            return
        if begun:
            raise APIError("the greeting broke off")
        try:
            async for frame in self._synthesised():
                yield frame
        except Exception as error:
            log.error("the greeting cannot be said: %s", type(error).__name__)
            raise APIError("the greeting cannot be said") from error

    def cancel(self) -> None:
        """The call ended before it was heard."""
        self._task.cancel()

    async def _synthesised(self) -> AsyncIterator[rtc.AudioFrame]:
        async with self._voice.synthesize(self.text) as speech:
            async for piece in speech:
                yield piece.frame

    async def _render(self) -> None:
        try:
            async for frame in self._synthesised():
                self._frames.put_nowait(frame)
                self._settled.set()
        except Exception as error:  # whatever a provider raises, another attempt comes when it is to be heard
            log.warning("the greeting could not be rendered ahead: %s", type(error).__name__)
            self._failed = True
        finally:
            self._frames.put_nowait(None)
            self._settled.set()
