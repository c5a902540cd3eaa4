"""What a call hears, speaks and thinks with, by mode: providers from `voice`, the grounded mind from here."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from livekit import rtc
from livekit.agents import APIError, llm, stt

from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.turns.ports import SAMPLE_RATE, Recognizer, Transcription
from insta_voice.calls import can_deliver
from insta_voice.errors import InstaVoiceError, SpeechServerError
from insta_voice.knowledge import Embedder, HttpEmbedder, remote_embedder
from insta_voice.settings import Settings
from insta_voice.voice.local.client import SpeechClient
from insta_voice.voice.local.stt import LocalSTT
from insta_voice.voice.needs import require_embedder
from insta_voice.voice.providers import Providers, build_providers


@dataclass(slots=True)
class Parts:
    """Everything of a call that is exchanged by mode. `aclose` when the call is over."""

    providers: Providers
    recognizer: Recognizer
    mind: llm.LLM[Any] | llm.RealtimeModel
    grounded: GroundedResponder
    embedder: Embedder

    async def warm(self) -> None:
        """Connect ahead of the first turn; what cannot be reached now is tried again when it is needed."""
        with contextlib.suppress(InstaVoiceError):
            await asyncio.gather(self.embedder.embed(["hello"]), _open(self.providers))

    async def aclose(self) -> None:
        """Close the connections."""
        await self.providers.aclose()
        if isinstance(self.embedder, HttpEmbedder):
            await self.embedder.aclose()


class SpeechServerRecognizer:
    """The local speech server: finals go before everybody's partials."""

    def __init__(self, client: SpeechClient) -> None:
        self._client = client

    async def transcribe(self, pcm: bytes, *, final: bool) -> Transcription:
        heard = await self._client.transcribe(pcm, SAMPLE_RATE, final=final)
        return Transcription(heard.text, heard.confidence)


class ProviderRecognizer:
    """Any LiveKit STT that recognises a whole segment at once."""

    def __init__(self, provider: stt.STT[Any]) -> None:
        self._provider = provider

    async def transcribe(self, pcm: bytes, *, final: bool) -> Transcription:
        try:
            event = await self._provider.recognize(rtc.AudioFrame(pcm, SAMPLE_RATE, 1, len(pcm) // 2))
        except APIError as error:
            raise SpeechServerError(detail=type(error).__name__) from error
        best = event.alternatives[0] if event.alternatives else None
        return Transcription(best.text, best.confidence or None) if best else Transcription("")


def build_parts(settings: Settings) -> Parts:
    """The parts for one call, by the settings' mode. Nothing connects yet.

    ConfigurationError when a setting they need is missing.
    """
    require_embedder(settings)
    embedder = remote_embedder(settings, settings.voice.speech_url)
    assert embedder is not None, "required above"
    providers = build_providers(settings, settings.voice_mode)
    company = settings.company
    grounded = GroundedResponder(
        company.company_name,
        company.support_contact,
        can_deliver(settings),
        settings.knowledge.answer_confidence,
    )
    return Parts(
        providers=providers,
        recognizer=_recognizer(providers),
        mind=providers.realtime or providers.llm or grounded,
        grounded=grounded,
        embedder=embedder,
    )


async def _open(providers: Providers) -> None:
    if providers.speech is not None:
        await providers.speech.open()


def _recognizer(providers: Providers) -> Recognizer:
    if providers.speech is not None and isinstance(providers.stt, LocalSTT):
        return SpeechServerRecognizer(providers.speech)
    return ProviderRecognizer(providers.stt)
