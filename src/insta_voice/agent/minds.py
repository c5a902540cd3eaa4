"""What a call hears, speaks and thinks with, by mode: providers from `voice`, the grounded mind from here."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

from livekit.agents import llm

from insta_voice.agent.hearing import FallbackRecognizer, ProviderRecognizer, SpeechServerRecognizer
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.turns.ports import Recognizer
from insta_voice.calls import can_deliver
from insta_voice.costs import load_prices
from insta_voice.errors import InstaVoiceError
from insta_voice.knowledge import Embedders, embedders_of
from insta_voice.languages import ENGLISH, Language
from insta_voice.settings import Settings
from insta_voice.voice.breaker import Breakers, shared_store
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
    breakers: Breakers = field(default_factory=Breakers, kw_only=True)  # which providers are left alone
    # What nobody here speaks, the grounded mind does not answer.
    language: Language = field(default=ENGLISH, kw_only=True)


@dataclass(slots=True)
class Parts(Minds):
    """Everything of a call that is exchanged by mode. `aclose` when the call is over."""

    providers: Providers
    recognizer: Recognizer
    embedder: Embedders

    async def warm(self) -> None:
        """Connect ahead of the first turn; what cannot be reached now is tried again when it is needed."""
        with contextlib.suppress(InstaVoiceError):
            await asyncio.gather(self.embedder.embed(["hello"]), _open(self.providers))

    async def aclose(self) -> None:
        """Close the connections."""
        await self.providers.aclose()
        await self.embedder.aclose()


def build_parts(settings: Settings, language: Language = ENGLISH, breakers: Breakers | None = None) -> Parts:
    """The parts for one call in `language`, by the settings' mode. Nothing connects yet. Without `breakers` they are
    those of all calls of this machine.

    ConfigurationError when a setting they need is missing.
    """
    require_embedder(settings)
    embedder = embedders_of(settings, settings.voice.speech_url)
    assert embedder is not None, "required above"
    breakers = breakers or Breakers(shared_store(settings))
    providers = build_providers(settings, settings.voice_mode, language, breakers)
    model = providers.realtime or providers.llm
    behind = providers.llm if providers.realtime else None
    minds = build_minds(settings, model, behind, can_deliver_tickets=can_deliver(settings), language=language)
    minds.meter.listen_to(providers.stt, providers.tts)
    embedder.tell_usage(lambda usage: minds.meter.count(usage, hearing=False))
    return Parts(
        mind=minds.mind,
        stand_ins=minds.stand_ins,
        grounded=minds.grounded,
        meter=minds.meter,
        providers=providers,
        recognizer=_recognizer(providers, breakers),
        embedder=embedder,
        breakers=breakers,
        language=language,
    )


def build_minds(
    settings: Settings,
    model: llm.LLM[Any] | llm.RealtimeModel | None,
    behind: llm.LLM[Any] | None = None,
    *,
    can_deliver_tickets: bool,
    language: Language = ENGLISH,
) -> Minds:
    """A provider's `model`; `behind` it another, where there is one, and then the grounded mind, if that speaks the
    `language`. Without a model, the grounded mind alone.
    """
    company = settings.company
    grounded = GroundedResponder(
        company.company_name, company.support_contact, can_deliver_tickets, settings.knowledge.answer_confidence
    )
    meter = Meter(load_prices(settings))
    for reporting in (model, behind):
        if isinstance(reporting, llm.LLM):
            meter.listen_to(reporting)  # a realtime model reports through its session
    stand_ins: list[llm.LLM[Any]] = [behind] if behind else []
    if model and language.local:
        stand_ins.append(grounded)
    return Minds(model or grounded, tuple(stand_ins), grounded, meter, language=language)


async def _open(providers: Providers) -> None:
    if providers.speech is not None:
        await providers.speech.open()


def _recognizer(providers: Providers, breakers: Breakers) -> Recognizer:
    """The session's own, and the local one behind it where there is one."""
    here = SpeechServerRecognizer(providers.speech) if providers.speech is not None else None
    if here is not None and isinstance(providers.stt, LocalSTT):
        return here
    there = ProviderRecognizer(providers.stt)
    if here is None:
        return there
    name = f"{providers.stt.provider} {providers.stt.model}"
    return FallbackRecognizer([(name, there), ("speech server", here)], breakers)
