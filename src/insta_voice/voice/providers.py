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
from openai.types.realtime import AudioTranscription, RealtimeAudioInputTurnDetection
from openai.types.realtime.realtime_audio_input_turn_detection import SemanticVad, ServerVad

from insta_voice.languages import ENGLISH, Language
from insta_voice.settings import OpenAIPart, OpenAISettings, Settings
from insta_voice.voice.breaker import Breakers
from insta_voice.voice.fallback import FallbackTTS
from insta_voice.voice.local.client import SpeechClient
from insta_voice.voice.local.stt import LocalSTT
from insta_voice.voice.local.tts import LocalTTS
from insta_voice.voice.needs import Mode, require_model, require_providers
from insta_voice.voice.realtime import RealtimeModel as Realtime

# The transcription of the realtime server itself. OPENAI_STT_MODEL may be one that only OPENAI_STT_BASE_URL serves.
_REALTIME_WORDS = "gpt-4o-mini-transcribe"


@dataclass(frozen=True, slots=True)
class Providers:
    """The providers of one call. In mode local neither `llm` nor `realtime` is set; in realtime `llm`
    stands in, where the settings want it.
    """

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


def build_providers(
    settings: Settings, mode: Mode, language: Language = ENGLISH, breakers: Breakers | None = None
) -> Providers:
    """The providers of `mode` for a call in `language`; nothing connects yet. The speech server is in none that it does
    not know. `breakers`: what is known of those that fail.

    ConfigurationError when a setting they need is missing.
    """
    require_providers(settings, mode)
    url = settings.voice.speech_url if language.local else None
    speech = SpeechClient(url) if url else None
    match mode:
        case "local":
            assert url is not None, "required above, and no call is held here in a language that is not local"
            tts = LocalTTS(url, speed=settings.voice.local_speed, client=speech)
            return Providers(mode, stt=LocalSTT(url, client=speech), tts=tts, speech=speech)
        case "pipeline":
            return Providers(
                mode,
                stt=_stt(settings.openai, speech if settings.voice.stt == "local" else None, language),
                tts=_tts(settings, speech, language, breakers),
                llm=_llm(settings.openai),
                speech=speech,
            )
        case "realtime":
            return Providers(
                mode,
                # The model hears for itself; words are needed for the record and the page, and the local recogniser
                # has them sooner.
                stt=_stt(settings.openai, speech, language),
                tts=_tts(settings, speech, language, breakers),
                realtime=_realtime(settings.openai, language),
                llm=_llm(settings.openai) if settings.voice.stand_in == "pipeline" else None,
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


def _stt(settings: OpenAISettings, speech: SpeechClient | None, language: Language) -> STT[Any]:
    """The speech server's recogniser where it is given, else OpenAI's."""
    if speech is not None:
        return LocalSTT("", client=speech)
    return openai.STT(model=settings.stt_model, language=language.code, **_server(settings, "stt"))


def _tts(settings: Settings, speech: SpeechClient | None, language: Language, breakers: Breakers | None) -> TTS[Any]:
    """The voice of the settings, and the local one for when it fails, where there is one."""
    ours = LocalTTS("", speed=settings.voice.local_speed, client=speech) if speech else None
    if ours is not None and settings.voice.tts == "local":
        return ours
    # pcm: no decoder between the network and the ear, and every compatible server can do it.
    theirs = openai.TTS(
        model=settings.openai.tts_model,
        voice=settings.openai.tts_voice,
        response_format="pcm",
        # It takes the language from the text, and a name or a number says little: then the accent was English.
        instructions=NOT_GIVEN if language.local else f"Speak {language.name}.",
        **_server(settings.openai, "tts"),
    )
    return theirs if ours is None else FallbackTTS([theirs, ours], breakers)


def _llm(settings: OpenAISettings) -> openai.LLM:
    return openai.LLM(model=settings.llm_model, **_server(settings, "llm"))


def _realtime(
    settings: OpenAISettings,
    language: Language = ENGLISH,
    *,
    modalities: list[Literal["text", "audio"]] | None = None,
) -> openai.realtime.RealtimeModel:
    reduction = settings.realtime_noise_reduction
    turn_detection = None if modalities else _turn_detection(settings)  # in writing there is nothing to hear
    words = AudioTranscription(model=_REALTIME_WORDS, language=language.code)
    return Realtime(
        model=settings.realtime_model,
        voice=settings.realtime_voice,
        turn_detection=turn_detection,
        # Where turns are decided here, the words are those of our own recogniser, for the model's memory too.
        input_audio_transcription=words if turn_detection else None,
        modalities=modalities or NOT_GIVEN,
        input_audio_noise_reduction=None if reduction == "off" else reduction,
        truncation=settings.realtime_truncation,
        max_session_duration=settings.realtime_session_minutes * 60,
        **_server(settings, "realtime"),
    )


def _turn_detection(settings: OpenAISettings) -> RealtimeAudioInputTurnDetection | None:
    """None where turns are decided here, as in every other mode."""
    match settings.realtime_turn_detection:
        case "server_vad":
            return ServerVad(type="server_vad", create_response=True, interrupt_response=True)
        case "semantic_vad":
            return SemanticVad(type="semantic_vad", create_response=True, interrupt_response=True)
        case "ours":
            return None
