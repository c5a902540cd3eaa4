"""LiveKit's local end-of-turn model (v1-mini) behind our port."""

import asyncio

import numpy as np
from livekit import rtc
from livekit.agents import inference

from insta_voice.agent.turns.ports import SAMPLE_RATE

_PREDICTION_TIMEOUT_S = 0.6  # 83 ms on two quiet threads
# v1-mini holds complete questions back when it hears exact zeros (muted or gated microphones): it gets a floor at
# -60 dBFS instead.
_FLOOR = (np.random.default_rng(0).standard_normal(SAMPLE_RATE) * 32768 * 10 ** (-60 / 20)).astype("<i2")


class LiveKitEndOfTurn:
    """One stream a call. `aclose` when the call is over."""

    def __init__(self, detector: inference.TurnDetector) -> None:
        self._stream = detector.stream()

    def hear(self, pcm: bytes) -> None:
        samples = np.frombuffer(pcm, dtype="<i2")
        if not samples.any():
            pcm = np.resize(_FLOOR, samples.size).tobytes()
        self._stream.push_audio(rtc.AudioFrame(pcm, SAMPLE_RATE, 1, samples.size))

    async def probability(self) -> float | None:
        prediction = self._stream.predict()
        try:
            event = await asyncio.wait_for(asyncio.shield(prediction), _PREDICTION_TIMEOUT_S)
        except TimeoutError:
            self._stream.cancel_inference(timed_out=True)
            return None
        return event.end_of_turn_probability

    def forget(self) -> None:
        self._stream.flush(reason="turn ended")

    async def aclose(self) -> None:
        await self._stream.aclose()
