"""Words that a recogniser is told to expect: OpenAI's, and who speaks its protocol, take them, Moonshine does not."""

from collections.abc import Sequence
from typing import Any, TypeGuard

from livekit.agents.stt import STT
from livekit.plugins import openai


def takes_key_terms(stt: STT[Any]) -> TypeGuard[openai.STT]:
    """Whether it can be told; the model that tells speakers apart refuses a prompt."""
    return isinstance(stt, openai.STT) and "diarize" not in stt.model


def tell_key_terms(stt: openai.STT, terms: Sequence[str]) -> None:
    """From the next segment on, the most telling first. The models that know keywords get those, the others a prompt,
    in which these stand last: Whisper reads no more than its last 224 tokens.
    """
    if stt.capabilities.keyterms:
        stt.update_options(keywords=list(terms))
    elif terms:
        stt.update_options(prompt=", ".join(reversed(terms)))
