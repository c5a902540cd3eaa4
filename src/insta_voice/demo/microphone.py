"""The caller's microphone: a track that never falls silent, into which utterances are spoken in real time."""

import asyncio
import time

import numpy as np
import numpy.typing as npt
from livekit import rtc

SAMPLE_RATE_HZ = 48_000
_FRAME_MS = 10
_FRAME_SAMPLES = SAMPLE_RATE_HZ * _FRAME_MS // 1000
# A real room is never digitally silent, and turn detectors trained on real rooms misjudge exact zeros.
_NOISE_FLOOR_DBFS = -60
# Short, so that the moment a frame is handed over is close to the moment it leaves.
_QUEUE_MS = 50

# Speech is well above it, comfort noise and codec residue well below.
_AUDIBLE_DBFS = -45

Pcm = npt.NDArray[np.int16]


def is_audible(samples: Pcm) -> bool:
    """Whether there is more than silence in them."""
    rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
    return rms > 32768 * 10 ** (_AUDIBLE_DBFS / 20)


class Microphone:
    """Publishes one audio track; `said` keeps every sample that went out, for a recording."""

    def __init__(self) -> None:
        self._source = rtc.AudioSource(SAMPLE_RATE_HZ, 1, queue_size_ms=_QUEUE_MS)
        self._random = np.random.default_rng(seed=7)
        self._utterance: Pcm = np.zeros(0, np.int16)
        self._last_sample_at_s: asyncio.Future[float] | None = None
        self._task: asyncio.Task[None] | None = None
        self.started_at_s = 0.0
        self.last_sound_at_s: float | None = None  # when something louder than the room left last
        self.said: list[Pcm] = []

    async def publish(self, room: rtc.Room) -> None:
        """Open the microphone in a room."""
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await room.local_participant.publish_track(track, options)
        self.started_at_s = time.monotonic()
        self._task = asyncio.create_task(self._run(), name="caller microphone")

    async def say(self, utterance: Pcm) -> float:
        """Speak 48 kHz mono samples in real time; the monotonic moment the last of them left, in seconds."""
        self._last_sample_at_s = asyncio.get_running_loop().create_future()
        self._utterance = utterance
        return await self._last_sample_at_s

    async def close(self) -> None:
        """Close the microphone."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._source.aclose()

    async def _run(self) -> None:
        while True:
            samples = self._next_frame()
            self.said.append(samples)
            if is_audible(samples):
                self.last_sound_at_s = time.monotonic() + self._source.queued_duration + _FRAME_MS / 1000
            await self._source.capture_frame(rtc.AudioFrame(samples.tobytes(), SAMPLE_RATE_HZ, 1, _FRAME_SAMPLES))
            if self._last_sample_at_s and not self._last_sample_at_s.done() and not self._utterance.size:
                self._last_sample_at_s.set_result(time.monotonic() + self._source.queued_duration)

    def _next_frame(self) -> Pcm:
        amplitude = 32768 * 10 ** (_NOISE_FLOOR_DBFS / 20)
        frame = self._random.normal(0, amplitude, _FRAME_SAMPLES)
        spoken, self._utterance = self._utterance[:_FRAME_SAMPLES], self._utterance[_FRAME_SAMPLES:]
        frame[: spoken.size] += spoken
        return np.clip(frame, -32768, 32767).astype(np.int16)
