"""What hears, speaks and thinks, by mode: the one place that knows which provider serves which.

Tools, the record and the page do not change with the mode. The mind without a model, which mode `local`
uses, is the agent's own: here `llm` is None.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from livekit.agents import NOT_GIVEN, inference, vad
from livekit.agents.llm import LLM, RealtimeModel
from livekit.agents.stt import STT
from livekit.agents.tts import TTS
from livekit.plugins import openai, silero

from insta_voice.settings import OpenAIPart, OpenAISettings, Settings
from insta_voice.voice.fallback import FallbackTTS
from insta_voice.voice.local.client import SpeechClient
from insta_voice.voice.local.stt import LocalSTT
from insta_voice.voice.local.tts import LocalTTS
from insta_voice.voice.needs import Mode, require_model, require_providers
from insta_voice.voice.realtime import RealtimeModel as Realtime


@dataclass(frozen=True, slots=True)
class Providers:
    """The providers of one call. Exactly one of `llm` and `realtime` is set, or neither in mode local."""

    mode: Mode
    stt: STT[Any]
    tts: TTS[Any]
    llm: LLM[Any] | None = None
    realtime: RealtimeModel | None = None
    speech: SpeechClient | None = None  # the local speech server, where there is one

    async def aclose(self) -> None:
        """Close every connection."""
        await self.stt.aclose()
        await self.tts.aclose()
        if self.llm:
            await self.llm.aclose()
        if self.realtime:
            await self.realtime.aclose()
        if self.speech:
            await self.speech.aclose()


def build_providers(settings: Settings, mode: Mode) -> Providers:
    """The providers of `mode`; nothing connects yet.

    ConfigurationError when a setting they need is missing.
    """
    require_providers(settings, mode)
    url = settings.voice.speech_url
    speech = SpeechClient(url) if url else None
    match mode:
        case "local":
            assert url is not None, "required above"
            tts = LocalTTS(url, speed=settings.voice.local_speed, client=speech)
            return Providers(mode, stt=LocalSTT(url, client=speech), tts=tts, speech=speech)
        case "pipeline":
            return Providers(
                mode,
                stt=_stt(settings.openai, speech if settings.voice.stt == "local" else None),
                tts=_tts(settings, speech),
                llm=_llm(settings.openai),
                speech=speech,
            )
        case "realtime":
            return Providers(
                mode,
                # The model hears for itself; words are needed for the record and the page, and the local recogniser
                # has them sooner.
                stt=_stt(settings.openai, speech),
                tts=_tts(settings, speech),
                realtime=_realtime(settings.openai),
                speech=speech,
            )


def build_model_in_writing(settings: Settings, mode: Mode) -> LLM[Any] | RealtimeModel | None:
    """What thinks in `mode`, for a conversation that nobody hears; None in mode local. Nothing connects yet.

    ConfigurationError when a setting it needs is missing.
    """
    require_model(settings, mode)
    match mode:
        case "local":
            return None
        case "pipeline":
            return _llm(settings.openai)
        case "realtime":
            return _realtime(settings.openai, modalities=["text"])  # a quarter of the price of audio


def load_vad() -> vad.VAD:
    """Silero's voice activity detector, from the weights in its package. Once a process: it takes 0.2 s."""
    return silero.VAD.load()


def build_turn_detector() -> inference.TurnDetector:
    """The end-of-turn model that runs here. Without the version LiveKit takes its cloud's in dev mode."""
    return inference.TurnDetector(version="v1-mini")


class _Server(TypedDict, total=False):
    api_key: str
    base_url: str


def _server(settings: OpenAISettings, part: OpenAIPart) -> _Server:
    there = settings.server(part)
    # Ollama and vLLM ask for no key, the client library insists on one.
    server = _Server(api_key=there.api_key.get_secret_value() if there.api_key else "unused")
    if there.base_url:
        server["base_url"] = there.base_url
    return server


def _stt(settings: OpenAISettings, speech: SpeechClient | None) -> STT[Any]:
    """The speech server's recogniser where it is given, else OpenAI's."""
    if speech is not None:
        return LocalSTT("", client=speech)
    return openai.STT(model=settings.stt_model, language="en", **_server(settings, "stt"))


def _tts(settings: Settings, speech: SpeechClient | None) -> TTS[Any]:
    """The voice of the settings, and the local one for when it fails, where there is one."""
    ours = LocalTTS("", speed=settings.voice.local_speed, client=speech) if speech else None
    if ours is not None and settings.voice.tts == "local":
        return ours
    # pcm: no decoder between the network and the ear, and every compatible server can do it.
    theirs = openai.TTS(
        model=settings.openai.tts_model,
        voice=settings.openai.tts_voice,
        response_format="pcm",
        **_server(settings.openai, "tts"),
    )
    return theirs if ours is None else FallbackTTS([theirs, ours])


def _llm(settings: OpenAISettings) -> openai.LLM:
    return openai.LLM(model=settings.llm_model, **_server(settings, "llm"))


def _realtime(
    settings: OpenAISettings, modalities: list[Literal["text", "audio"]] | None = None
) -> openai.realtime.RealtimeModel:
    # Turns are decided here, as in every mode: turn_detection is off at the server.
    return Realtime(
        model=settings.realtime_model,
        voice=settings.realtime_voice,
        turn_detection=None,
        modalities=modalities or NOT_GIVEN,
        **_server(settings, "realtime"),
    )
