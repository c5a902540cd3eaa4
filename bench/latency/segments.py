"""The recogniser of the LiveKit agents: Moonshine on the speech server, one whole segment at a time."""

from livekit import rtc
from livekit.agents import APIConnectOptions, stt, utils
from livekit.agents.language import LanguageCode
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from insta_voice.voice.local.client import SpeechClient
from insta_voice.voice.local.stt import transcribe


class SegmentSTT(stt.STT[str]):
    """What a StreamAdapter is put around."""

    def __init__(self, client: SpeechClient) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self._client = client

    @property
    def model(self) -> str:
        return "moonshine-base-en"

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        frame = rtc.combine_audio_frames(buffer)
        heard = await transcribe(self._client, bytes(frame.data), frame.sample_rate)
        said = stt.SpeechData(LanguageCode("en"), heard.text, confidence=heard.confidence)
        return stt.SpeechEvent(stt.SpeechEventType.FINAL_TRANSCRIPT, alternatives=[said])
