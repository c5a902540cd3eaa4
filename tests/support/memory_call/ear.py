"""The caller's ear: plays what it is given at the pace of speech, as the room does, and keeps what was heard when."""

import asyncio
import time
from dataclasses import dataclass

from livekit import rtc
from livekit.agents.voice import io
from tests.support.memory_call import legible
from tests.support.openai.sound import SAMPLE_RATE


@dataclass(slots=True)
class Piece:
    """Sound without a gap in it."""

    begins_s: float
    pcm: bytearray

    @property
    def ends_s(self) -> float:
        return self.begins_s + len(self.pcm) / 2 / SAMPLE_RATE


class Ear(io.AudioOutput):
    """Seconds are the loop's."""

    def __init__(self) -> None:
        super().__init__(label="ear", capabilities=io.AudioOutputCapabilities(pause=False), sample_rate=SAMPLE_RATE)
        self.pieces: list[Piece] = []
        self._clock = asyncio.get_running_loop().time
        self._given_s = 0.0  # of the segment that is being played
        self._over: asyncio.TimerHandle | None = None
        self._news = asyncio.Event()

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        now = self._clock()
        if not self.pieces or self.pieces[-1].ends_s < now:
            self.pieces.append(Piece(now, bytearray()))
        self.pieces[-1].pcm += frame.data.cast("b")
        self._news.set()
        if not self._given_s:
            self.on_playback_started(created_at=time.time())
        self._given_s += frame.duration

    def flush(self) -> None:
        super().flush()
        if self._given_s and self._over is None:
            self._over = asyncio.get_running_loop().call_at(self._heard_until_s, self._finished)

    def clear_buffer(self) -> None:
        if not self._given_s:
            return
        unheard_s = max(0.0, self._heard_until_s - self._clock())
        last = self.pieces[-1]
        del last.pcm[len(last.pcm) - round(unheard_s * SAMPLE_RATE) * 2 :]
        self._finished(unheard_s=unheard_s)

    @property
    def _heard_until_s(self) -> float:
        return self.pieces[-1].ends_s

    def _finished(self, *, unheard_s: float = 0.0) -> None:
        if self._over is not None:
            self._over.cancel()
        heard_s, self._given_s, self._over = self._given_s - unheard_s, 0.0, None
        self.on_playback_finished(playback_position=heard_s, interrupted=unheard_s > 0)

    async def until(self, words: str) -> None:
        """Once they have been heard to their end."""
        while (at_s := self._when(words)) is None:
            self._news.clear()
            await self._news.wait()
        await asyncio.sleep(at_s - self._clock())

    def _when(self, words: str) -> float | None:
        letters = self.heard()
        begins = "".join(letter.text for letter in letters).find(words)
        return None if begins < 0 else letters[begins + len(words) - 1].ends_s

    def heard(self) -> list[legible.Letter]:
        """Every letter that was heard, by the loop's clock."""
        return [
            legible.Letter(letter.text, piece.begins_s + letter.begins_s, piece.begins_s + letter.ends_s)
            for piece in self.pieces
            for letter in legible.read(bytes(piece.pcm))
        ]
