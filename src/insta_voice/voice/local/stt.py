"""Moonshine as LiveKit sees it: audio frames in, a final transcript of each segment out.

Moonshine is not a streaming model: a segment is recognised when `flush()` says that it ended. What is not yet
recognised is kept across retries, so that a restarted speech server costs time and no words.
"""

import asyncio
from collections import deque

from livekit import rtc
from livekit.agents import APIConnectionError, APIConnectOptions, APIStatusError, stt, utils
from livekit.agents.language import LanguageCode
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from insta_voice.errors import InstaVoiceError
from insta_voice.voice.local.client import SpeechClient, Transcript

SAMPLE_RATE = 16_000
LONGEST_S = 100.0  # of a segment; older audio is let go, as a room that never falls silent must not fill memory
_BYTES_PER_S = SAMPLE_RATE * 2
_ENGLISH = LanguageCode("en")


class LocalSTT(stt.STT[str]):
    """Recognition by the speech server at `url`.

    Final transcripts only; partial ones are `SpeechClient`'s.
    """

    def __init__(self, url: str, *, client: SpeechClient | None = None) -> None:
        """`client` is shared with others of this process and stays theirs; without one it has its own."""
        capabilities = stt.STTCapabilities(streaming=True, interim_results=False, manual_flush=True)
        super().__init__(capabilities=capabilities)
        self._owned = client is None
        self.client = client or SpeechClient(url)

    @property
    def model(self) -> str:
        return "moonshine-base-en"

    @property
    def provider(self) -> str:
        return "local"

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        frame = rtc.combine_audio_frames(buffer)
        heard = await transcribe(self.client, bytes(frame.data), frame.sample_rate)
        return _event(stt.SpeechEventType.FINAL_TRANSCRIPT, heard)

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> "LocalRecognizeStream":
        return LocalRecognizeStream(self, conn_options)

    async def aclose(self) -> None:
        """Close the client, if it is this object's own."""
        if self._owned:
            await self.client.aclose()


class LocalRecognizeStream(stt.RecognizeStream):
    """The segments of one caller, in order: each flush gives a final transcript, then END_OF_SPEECH."""

    def __init__(self, recognizer: LocalSTT, conn_options: APIConnectOptions) -> None:
        self._client = recognizer.client
        self._pcm = bytearray()
        self._segments: deque[bytes] = deque()
        self._changed = asyncio.Event()
        self._ended = False
        super().__init__(stt=recognizer, conn_options=conn_options, sample_rate=SAMPLE_RATE)

    async def _run(self) -> None:
        listening = asyncio.create_task(self._listen(), name="local-stt-listen")
        try:
            while self._segments or not self._ended:
                self._changed.clear()
                if self._segments:
                    await self._recognize(self._segments[0])
                    self._segments.popleft()
                elif not self._ended:
                    await self._changed.wait()
        finally:
            await utils.aio.cancel_and_wait(listening)

    async def _listen(self) -> None:
        async for item in self._input_ch:
            if isinstance(item, rtc.AudioFrame):
                self._pcm += item.data.cast("b")
                del self._pcm[: max(0, len(self._pcm) - int(LONGEST_S * _BYTES_PER_S))]
            elif self._pcm:
                self._segments.append(bytes(self._pcm))
                self._pcm.clear()
                self._changed.set()
        self._ended = True
        self._changed.set()

    async def _recognize(self, pcm: bytes) -> None:
        heard = await transcribe(self._client, pcm, SAMPLE_RATE)
        self._event_ch.send_nowait(_event(stt.SpeechEventType.FINAL_TRANSCRIPT, heard))
        self._event_ch.send_nowait(stt.SpeechEvent(stt.SpeechEventType.END_OF_SPEECH))
        usage = stt.RecognitionUsage(audio_duration=heard.audio_s)
        self._event_ch.send_nowait(stt.SpeechEvent(stt.SpeechEventType.RECOGNITION_USAGE, recognition_usage=usage))


async def transcribe(client: SpeechClient, pcm16: bytes, sample_rate: int) -> Transcript:
    """The final words of a segment, or the error LiveKit expects: retryable when the server may come back."""
    try:
        return await client.transcribe(pcm16, sample_rate, final=True)
    except InstaVoiceError as error:
        raise as_api_error(error) from error


def as_api_error(error: InstaVoiceError) -> APIConnectionError | APIStatusError:
    """`error` in LiveKit's terms."""
    if error.retryable:
        return APIConnectionError(error.message)
    return APIStatusError(error.message, status_code=error.status, retryable=False)


def _event(kind: stt.SpeechEventType, heard: Transcript) -> stt.SpeechEvent:
    said = stt.SpeechData(_ENGLISH, heard.text, end_time=heard.audio_s, confidence=heard.confidence)
    return stt.SpeechEvent(kind, request_id=utils.shortuuid("stt_"), alternatives=[said])
