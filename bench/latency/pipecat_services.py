"""The hearing and the voice of the Pipecat bot: Moonshine and Piper on the speech server."""

from collections.abc import AsyncGenerator

from pipecat.frames.frames import Frame, TranscriptionFrame
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import SegmentedSTTService
from pipecat.services.tts_service import TTSService
from pipecat.utils.time import time_now_iso8601

from insta_voice.voice.local.client import PIPER_SAMPLE_RATE, SpeechClient


class Moonshine(SegmentedSTTService):
    """A whole segment at a time, on the speech server."""

    def __init__(self, client: SpeechClient) -> None:
        super().__init__(settings=STTSettings(model="moonshine-base-en", language=None))
        self._client = client

    @property
    def wants_wav_segments(self) -> bool:
        return False

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame, None]:
        heard = await self._client.transcribe(audio, self.sample_rate, final=True)
        if heard.text:
            yield TranscriptionFrame(heard.text, self._user_id, time_now_iso8601())


class Piper(TTSService):
    """A sentence at a time, as the aggregation of the library has it, on the speech server."""

    def __init__(self, client: SpeechClient) -> None:
        settings = TTSSettings(model="piper", voice="joe", language=None)
        super().__init__(push_start_frame=True, push_stop_frames=True, settings=settings)
        self._client = client

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame, None]:
        pieces = (piece.pcm16 async for piece in self._client.speak(text))
        async for frame in self._stream_audio_frames_from_iterator(
            pieces, in_sample_rate=PIPER_SAMPLE_RATE, context_id=context_id
        ):
            yield frame
