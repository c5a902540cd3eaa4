"""Audio frames of the room to judged windows: Silero, the process's one model, one stream a call."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable

from livekit import rtc
from livekit.agents import vad
from livekit.agents.utils import aio

from insta_voice.agent.turns.ports import SAMPLE_RATE, Window


async def windows(frames: AsyncIterable[rtc.AudioFrame], model: vad.VAD) -> AsyncGenerator[Window, None]:
    """Ends with the frames, or is closed. They must be 16 kHz mono; other rates are a ValueError."""
    stream = model.stream()

    async def feed() -> None:
        async for frame in frames:
            if frame.sample_rate != SAMPLE_RATE or frame.num_channels != 1:
                raise ValueError(f"turns need {SAMPLE_RATE} Hz mono, got {frame.sample_rate} Hz {frame.num_channels}")
            stream.push_frame(frame)
        stream.end_input()

    feeding = asyncio.create_task(feed(), name="feed-voice-activity")
    try:
        async for event in stream:
            if event.type is vad.VADEventType.INFERENCE_DONE:
                pcm = b"".join(bytes(frame.data) for frame in event.frames)
                yield Window(pcm, event.probability, len(pcm) / 2 / SAMPLE_RATE)
    finally:
        await aio.cancel_and_wait(feeding)
        await stream.aclose()
