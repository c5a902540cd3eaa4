"""Speech rendered ahead: the greeting is spoken while the room is still connecting."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from livekit import rtc
from livekit.agents import tts

log = logging.getLogger(__name__)


class Rendering:
    """Starts at once; `frames` gives what is there and what is still coming."""

    def __init__(self, voice: tts.TTS[Any], text: str) -> None:
        self.text = text
        self._frames: asyncio.Queue[rtc.AudioFrame | None] = asyncio.Queue()
        self._failed = False
        self._task = asyncio.create_task(self._render(voice), name="render-greeting")

    @property
    def usable(self) -> bool:
        """False when the voice failed: then it is to be asked again, in the ordinary way."""
        return not self._failed

    async def frames(self) -> AsyncIterator[rtc.AudioFrame]:
        """To be read once."""
        while (frame := await self._frames.get()) is not None:
            yield frame

    def cancel(self) -> None:
        """The call ended before it was heard."""
        self._task.cancel()

    async def _render(self, voice: tts.TTS[Any]) -> None:
        try:
            async with voice.synthesize(self.text) as speech:
                async for piece in speech:
                    self._frames.put_nowait(piece.frame)
        except Exception as error:  # whatever a provider raises, the session's own attempt comes next
            log.warning("the greeting could not be rendered ahead: %s", type(error).__name__)
            self._failed = True
        finally:
            self._frames.put_nowait(None)
