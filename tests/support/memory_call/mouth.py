"""The caller's voice and the microphone before it, and what the agent notices in it: a voice, and its end."""

import asyncio
from collections.abc import Iterator

import numpy as np
from livekit import rtc
from livekit.agents import vad
from livekit.agents.voice import io
from tests.support.memory_call import legible

from insta_voice.agent.turns.ports import SAMPLE_RATE, WINDOW_S

_WINDOW_BYTES = round(WINDOW_S * SAMPLE_RATE) * 2
_QUIET_AFTER_S = 2.0  # the microphone stays open for as long as it takes to end any turn


class Mouth(io.AudioInput):
    """Says one thing at a time, at the pace of speech; a microphone that is muted in between sends nothing."""

    def __init__(self) -> None:
        super().__init__(label="mouth")
        self._frames: asyncio.Queue[rtc.AudioFrame] = asyncio.Queue()
        self._quiet: asyncio.Task[None] | None = None

    async def say(self, text: str) -> float:
        """Say it to its end; the moment of its last sound."""
        if self._quiet is not None:
            self._quiet.cancel()
        await self._send(_windows(legible.say(text, SAMPLE_RATE)))
        ended_s = asyncio.get_running_loop().time()
        self._quiet = asyncio.create_task(self._send(_windows(bytes(round(_QUIET_AFTER_S * SAMPLE_RATE) * 2))))
        return ended_s

    async def __anext__(self) -> rtc.AudioFrame:
        return await self._frames.get()

    async def aclose(self) -> None:
        if self._quiet is not None:
            self._quiet.cancel()
            await asyncio.wait({self._quiet})

    async def _send(self, windows: Iterator[bytes]) -> None:
        for pcm in windows:
            await asyncio.sleep(WINDOW_S)
            self._frames.put_nowait(rtc.AudioFrame(pcm, SAMPLE_RATE, 1, len(pcm) // 2))


def _windows(pcm: bytes) -> Iterator[bytes]:
    for start in range(0, len(pcm), _WINDOW_BYTES):
        yield pcm[start : start + _WINDOW_BYTES].ljust(_WINDOW_BYTES, b"\0")


class Loudness(vad.VAD):
    """Takes every sound for a voice, window by window as the mouth sends them."""

    def __init__(self) -> None:
        super().__init__(capabilities=vad.VADCapabilities(update_interval=WINDOW_S))

    def stream(self) -> vad.VADStream:
        return _Windows(self)


class _Windows(vad.VADStream):
    async def _main_task(self) -> None:
        done = 0
        async for frame in self._input_ch:
            if isinstance(frame, rtc.AudioFrame):
                done += frame.samples_per_channel
                voice = 0.95 if np.any(np.frombuffer(frame.data, "<i2")) else 0.01
                self._event_ch.send_nowait(
                    vad.VADEvent(
                        vad.VADEventType.INFERENCE_DONE, done, 0.0, 0.0, 0.0, frames=[frame], probability=voice
                    )
                )


class SureEnd:
    """In the place of the end-of-turn model: each silence may be the end."""

    def hear(self, pcm: bytes) -> None: ...

    async def probability(self) -> float | None:
        return 0.9

    def forget(self) -> None: ...

    async def aclose(self) -> None: ...
