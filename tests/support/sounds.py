"""A voice that says its words one frame each and fails where it is told, and an ear for a session without a room."""

import asyncio
import time

from livekit import rtc
from livekit.agents import APIConnectionError, APIConnectOptions, tts
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, USERDATA_TIMED_TRANSCRIPT, TimedString
from livekit.agents.voice import io

RATE_HZ = 16_000


def sound(seconds: float = 0.1, text: str = "") -> rtc.AudioFrame:
    """A frame, with the words that are heard in it."""
    samples = int(seconds * RATE_HZ)
    frame = rtc.AudioFrame(bytes(samples * 2), RATE_HZ, 1, samples)
    if text:
        frame.userdata[USERDATA_TIMED_TRANSCRIPT] = [TimedString(text, start_time=0.0, end_time=seconds)]
    return frame


def loud(seconds: float) -> rtc.AudioFrame:
    """A voice, as far as its level tells."""
    samples = int(seconds * RATE_HZ)
    return rtc.AudioFrame(b"\x00\x20\x00\xe0" * (samples // 2), RATE_HZ, 1, samples)


class FailingVoice(tts.TTS[str]):
    """Speaks `words` words of what it is given, then its provider is away."""

    def __init__(self, words: int) -> None:
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=True, aligned_transcript=True),
            sample_rate=RATE_HZ,
            num_channels=1,
        )
        self.words = words

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        return self._synthesize_with_stream(text, conn_options=conn_options)

    def stream(self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS) -> tts.SynthesizeStream:
        return _Failing(tts=self, conn_options=APIConnectOptions(max_retry=0))


class _Failing(tts.SynthesizeStream):
    async def _run(self, emitter: tts.AudioEmitter) -> None:
        voice = self._tts
        assert isinstance(voice, FailingVoice)
        emitter.initialize(
            request_id="1", sample_rate=RATE_HZ, num_channels=1, mime_type="audio/pcm", stream=True, frame_size_ms=100
        )
        emitter.start_segment(segment_id="1")
        self._mark_started()
        said = 0
        async for token in self._input_ch:
            for word in token.split() if isinstance(token, str) else ():
                await asyncio.sleep(0.02)  # as a voice does: what it gave goes out before it fails
                if said == voice.words:
                    raise APIConnectionError("away", retryable=False)
                emitter.push_timed_transcript(TimedString(f"{word} ", start_time=said * 0.1, end_time=said * 0.1 + 0.1))
                emitter.push(bytes(RATE_HZ // 10 * 2))
                said += 1


class Ear(io.AudioOutput):
    """Hears at once whatever the session says."""

    def __init__(self) -> None:
        super().__init__(label="ear", capabilities=io.AudioOutputCapabilities(pause=False), sample_rate=RATE_HZ)
        self._heard_s = 0.0

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        if not self._heard_s:
            self.on_playback_started(created_at=time.time())
        self._heard_s += frame.duration

    def flush(self) -> None:
        super().flush()
        if self._heard_s:
            self.on_playback_finished(playback_position=self._heard_s, interrupted=False)
        self._heard_s = 0.0

    def clear_buffer(self) -> None:
        self.flush()


class PacedEar(Ear):
    """Hears as long as it takes, and is cut where it has come to."""

    def __init__(self) -> None:
        super().__init__()
        self.hears = asyncio.Event()

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        self.hears.set()
        await asyncio.sleep(frame.duration)

    def clear_buffer(self) -> None:
        if self._heard_s:
            self.on_playback_finished(playback_position=self._heard_s, interrupted=True)
        self._heard_s = 0.0
