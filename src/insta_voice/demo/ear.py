"""The caller's ear: when sound was heard, measured as it arrives, and everything that was heard."""

import asyncio
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from livekit import rtc

from insta_voice.demo.microphone import SAMPLE_RATE_HZ, Pcm, is_audible

_FRAME_MS = 10
# Sound after as much silence begins anew; shorter gaps are between words.
_BEGINS_AFTER_S = 0.3
# A pause between sentences is shorter than this; silence that lasts longer means the voice has finished.
_SETTLED_S = 0.7


@dataclass(frozen=True, slots=True)
class Frame:
    """A hundredth of a second of sound, 48 kHz mono, and when it arrived."""

    at_s: float
    samples: Pcm


class Ear:
    """Listens to one remote track; times are of the monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self._sounds_at_s: list[float] = []
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._stream: rtc.AudioStream | None = None
        # A sound has begun, after how many seconds without one; None: it is the first.
        self.on_onset: Callable[[float, float | None], None] = lambda at_s, quiet_s: None

    @property
    def last_sound_at_s(self) -> float:
        """The moment something was last heard; 0 when nothing was yet."""
        return self._sounds_at_s[-1] if self._sounds_at_s else 0.0

    def sounds_since(self, from_s: float) -> list[float]:
        """The moments since then at which something was audible, one every hundredth of a second of sound."""
        return self._sounds_at_s[bisect_right(self._sounds_at_s, from_s) :]

    def heard_since(self, from_s: float) -> list[Frame]:
        """Everything that arrived since then, in order."""
        return self._frames[bisect_right(self._frames, from_s, key=lambda frame: frame.at_s) :]

    def listen(self, track: rtc.Track) -> None:
        """Hear this track from now on; the one before is no longer heard."""
        if self._task:
            self._task.cancel()
        self._stream = rtc.AudioStream(track, sample_rate=SAMPLE_RATE_HZ, num_channels=1, frame_size_ms=_FRAME_MS)
        self._task = asyncio.create_task(self._run(self._stream), name="caller ear")

    async def first_sound(self, after_s: float, timeout_s: float) -> float:
        """The moment of the first sound after a moment; TimeoutError when none comes."""
        async with asyncio.timeout(timeout_s), self._changed:
            while (first := bisect_right(self._sounds_at_s, after_s)) == len(self._sounds_at_s):
                await self._changed.wait()
            return self._sounds_at_s[first]

    async def silence(self, timeout_s: float, lasting_s: float = _SETTLED_S) -> float:
        """Wait until nothing has been heard for a while; the moment of the last sound."""
        async with asyncio.timeout(timeout_s), self._changed:
            while not self._frames or self._frames[-1].at_s - self.last_sound_at_s < lasting_s:
                await self._changed.wait()
            return self.last_sound_at_s

    def recording(self, from_s: float, to_s: float) -> Pcm:
        """Everything heard between two moments, 48 kHz mono, each frame at the moment it arrived."""
        out = np.zeros(int((to_s - from_s) * SAMPLE_RATE_HZ), np.int16)
        end = 0
        for frame in self.heard_since(from_s):
            start = max(end, int((frame.at_s - from_s) * SAMPLE_RATE_HZ))
            end = start + frame.samples.size
            if end <= out.size:
                out[start:end] = frame.samples
        return out

    async def close(self) -> None:
        """Stop listening."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._stream:
            await self._stream.aclose()

    async def _run(self, stream: rtc.AudioStream) -> None:
        async for event in stream:
            samples = np.frombuffer(event.frame.data, np.int16).copy()
            frame = Frame(time.monotonic(), samples)
            async with self._changed:
                self._frames.append(frame)
                if is_audible(samples):
                    self._sounds(frame.at_s)
                self._changed.notify_all()

    def _sounds(self, at_s: float) -> None:
        quiet_s = at_s - self.last_sound_at_s if self._sounds_at_s else None
        self._sounds_at_s.append(at_s)
        if quiet_s is None or quiet_s >= _BEGINS_AFTER_S:
            self.on_onset(at_s, quiet_s)
