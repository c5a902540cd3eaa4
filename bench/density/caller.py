"""A caller that costs as little as one can: a tenth of a second of sound at a time, and nothing of the page.

`insta_voice.demo.caller` handles every hundredth of a second by itself, which is a core for sixteen of them. Here
frames are put together and taken apart in the WebRTC library, and a moment inside a frame is found from its samples.
"""

import asyncio
import time
from bisect import bisect_right
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import numpy as np
from bench.latency.sound import FRAME_MS, SPOKEN_DBFS, levels_dbfs
from livekit import rtc

from insta_voice.demo.microphone import SAMPLE_RATE_HZ, Pcm

_PIECE_MS: Final = 100
_PIECE: Final = SAMPLE_RATE_HZ * _PIECE_MS // 1000
_FLOOR_DBFS: Final = -60.0  # of the room, as demo.microphone has it
_HEARD_MS: Final = 100  # of sound at a time
_POLL_S: Final = 0.1  # moments are found in the sound: this only delays what the caller does next


class LeanCaller:
    """In a room: speaks, and knows when something was heard. Moments are of the monotonic clock, in seconds."""

    def __init__(self) -> None:
        self.room = rtc.Room()
        self.gone = asyncio.Event()
        self.last_sound_s = 0.0
        self._heard_s: list[float] = []
        self._source = rtc.AudioSource(SAMPLE_RATE_HZ, 1, queue_size_ms=2 * _PIECE_MS)
        noise = np.random.default_rng(seed=7).normal(0, 32768 * 10 ** (_FLOOR_DBFS / 20), 10 * _PIECE)
        self._noise: Pcm = noise.astype(np.int16)
        self._utterance: Pcm = self._noise[:0]
        self._said: asyncio.Future[float] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, server_url: str, token: str) -> None:
        """Come into the room, with the microphone open."""
        self.room.on("track_subscribed", self._listen)
        self.room.on("disconnected", lambda *_: self.gone.set())
        await self.room.connect(server_url, token)
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await self.room.local_participant.publish_track(track, options)
        self._tasks.append(asyncio.create_task(self._speak(), name="lean microphone"))

    async def say(self, utterance: Pcm) -> float:
        """Say 48 kHz mono samples; the moment the last of them left."""
        self._utterance, self._said = utterance, asyncio.get_running_loop().create_future()
        return await self._said

    async def first_sound(self, after_s: float, within_s: float) -> float | None:
        """The first moment after `after_s` at which something was heard; None when nothing was in time."""
        until_s = time.monotonic() + within_s
        while time.monotonic() < until_s and not self.gone.is_set():
            if (first := bisect_right(self._heard_s, after_s)) < len(self._heard_s):
                return self._heard_s[first]
            await asyncio.sleep(_POLL_S)
        return None

    def heard_between(self, from_s: float, to_s: float) -> bool:
        """Whether anything was."""
        return bisect_right(self._heard_s, from_s) < bisect_right(self._heard_s, to_s)

    async def silence(self, lasting_s: float, within_s: float) -> None:
        """Until nothing was heard for so long, or it has taken too long."""
        until_s = time.monotonic() + within_s
        while time.monotonic() < until_s and not self.gone.is_set():
            if time.monotonic() - self.last_sound_s >= lasting_s:
                return
            await asyncio.sleep(_POLL_S)

    async def leave(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._source.aclose()
        await self.room.disconnect()

    async def _speak(self) -> None:
        noise_at = 0
        while True:
            piece = self._noise[noise_at : noise_at + _PIECE].copy()
            noise_at = (noise_at + _PIECE) % self._noise.size
            spoken, self._utterance = self._utterance[:_PIECE], self._utterance[_PIECE:]
            piece[: spoken.size] += spoken
            await self._source.capture_frame(rtc.AudioFrame(piece.tobytes(), SAMPLE_RATE_HZ, 1, _PIECE))
            if self._said and not self._said.done() and not self._utterance.size:
                after_it_s = (_PIECE - spoken.size) / SAMPLE_RATE_HZ
                self._said.set_result(time.monotonic() + self._source.queued_duration - after_it_s)

    def _listen(self, track: rtc.Track, *_: object) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._tasks.append(asyncio.create_task(self._hear(track), name="lean ear"))

    async def _hear(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track, sample_rate=SAMPLE_RATE_HZ, num_channels=1, frame_size_ms=_HEARD_MS)
        try:
            async for event in stream:
                levels = levels_dbfs(np.frombuffer(event.frame.data, np.int16))
                ended_s = time.monotonic() - (levels.size - 1) * FRAME_MS / 1000  # the first of them
                for number in np.nonzero(levels > SPOKEN_DBFS)[0]:
                    self._note(ended_s + int(number) * FRAME_MS / 1000)
        finally:
            await stream.aclose()

    def _note(self, at_s: float) -> None:
        self.last_sound_s = at_s
        self._heard_s.append(at_s)


@asynccontextmanager
async def calling() -> AsyncIterator[LeanCaller]:
    """A caller who hangs up at the end, whatever happened."""
    caller = LeanCaller()
    try:
        yield caller
    finally:
        await caller.leave()
