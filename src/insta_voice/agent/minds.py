"""What a call hears, speaks and thinks with, by mode: providers from `voice`, the grounded mind from here."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from livekit.agents import llm

from insta_voice.agent.hearing import FallbackRecognizer, ProviderRecognizer, SpeechServerRecognizer
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.turns.ports import Recognizer
from insta_voice.calls import can_deliver
from insta_voice.costs import load_prices
from insta_voice.errors import InstaVoiceError
from insta_voice.knowledge import Embedder, HttpEmbedder, remote_embedder
from insta_voice.settings import Settings
from insta_voice.voice.local.stt import LocalSTT
from insta_voice.voice.needs import require_embedder
from insta_voice.voice.providers import Providers, build_providers


@dataclass(slots=True)
class Minds:
    """Who thinks in a call."""

    mind: llm.LLM[Any] | llm.RealtimeModel
    stand_ins: tuple[llm.LLM[Any], ...]  # who answers when `mind` does not, in this order
    grounded: GroundedResponder
    meter: Meter  # what a call uses


@dataclass(slots=True)
class Parts(Minds):
    """Everything of a call that is exchanged by mode. `aclose` when the call is over."""

    providers: Providers
    recognizer: Recognizer
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


def build_parts(settings: Settings) -> Parts:
    """The parts for one call, by the settings' mode. Nothing connects yet.

    ConfigurationError when a setting they need is missing.
    """
    require_embedder(settings)
    embedder = remote_embedder(settings, settings.voice.speech_url)
    assert embedder is not None, "required above"
    providers = build_providers(settings, settings.voice_mode)
    minds = build_minds(settings, providers.realtime or providers.llm, can_deliver_tickets=can_deliver(settings))
    minds.meter.listen_to(providers.stt, providers.tts)
    embedder.used = lambda usage: minds.meter.count(usage, hearing=False)
    return Parts(
        mind=minds.mind,
        stand_ins=minds.stand_ins,
        grounded=minds.grounded,
        meter=minds.meter,
        providers=providers,
        recognizer=_recognizer(providers),
        embedder=embedder,
    )


def build_minds(
    settings: Settings, model: llm.LLM[Any] | llm.RealtimeModel | None, *, can_deliver_tickets: bool
) -> Minds:
    """A provider's `model` with the grounded mind behind it; without one, the grounded mind alone."""
    company = settings.company
    grounded = GroundedResponder(
        company.company_name, company.support_contact, can_deliver_tickets, settings.knowledge.answer_confidence
    )
    meter = Meter(load_prices(settings))
    if isinstance(model, llm.LLM):
        meter.listen_to(model)  # a realtime model reports through its session
    return Minds(model or grounded, (grounded,) if model else (), grounded, meter)


async def _open(providers: Providers) -> None:
    if providers.speech is not None:
        await providers.speech.open()


def _recognizer(providers: Providers) -> Recognizer:
    """The session's own, and the local one behind it where there is one."""
    here = SpeechServerRecognizer(providers.speech) if providers.speech is not None else None
    if here is not None and isinstance(providers.stt, LocalSTT):
        return here
    there = ProviderRecognizer(providers.stt)
    if here is None:
        return there
    return FallbackRecognizer([(f"{providers.stt.provider} {providers.stt.model}", there), ("speech server", here)])
