"""What a language model thinks of a conversation, beside the grade: whether it was helpful, kind and easy to hear. Its
opinion differs from run to run, so nothing passes or fails by it.
"""

import asyncio
import json
import re
from copy import copy
from importlib.resources import files
from typing import Any, Self

from livekit.agents import APIConnectOptions, APIError, llm
from pydantic import ValidationError

from insta_voice.errors import ConfigurationError
from insta_voice.evals.held import Held, NoOpinion, Opinion, titles_of
from insta_voice.settings import Settings
from insta_voice.voice.providers import build_model_in_writing

_TOLD = files(__package__).joinpath("judge.md").read_text("utf-8")
_WITHIN_S = 60.0  # a thinking model takes half of it
_ONCE = APIConnectOptions(max_retry=0, timeout=_WITHIN_S)  # a try that is cut off may be paid for
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)  # some put it between fences, whatever they are told


class Judge:
    """Asks `model`; to be closed, as with `async with`."""

    def __init__(self, model: llm.LLM[Any]) -> None:
        self._model = model

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._model.aclose()

    async def opinion(self, held: Held) -> Opinion | NoOpinion:
        """What it thinks of a conversation; why it gave no opinion, where it did not."""
        context = llm.ChatContext()
        context.add_message(role="system", content=_TOLD)
        context.add_message(role="user", content=json.dumps(_material(held), ensure_ascii=False))
        try:
            async with asyncio.timeout(_WITHIN_S):
                said = (await self._model.chat(chat_ctx=context, conn_options=_ONCE).collect()).text
        except (APIError, TimeoutError) as error:
            return NoOpinion(f"the judge did not answer: {type(error).__name__}")
        try:
            found = _OBJECT.search(said)
            return Opinion.model_validate_json(found[0] if found else said)
        except ValidationError:
            return NoOpinion("the judge's answer was not an opinion")


def build_judge(settings: Settings, model: str) -> Judge:
    """The `model` of this name, where the mind of mode pipeline is served. ConfigurationError when that is nowhere."""
    if not settings.openai.server("llm").usable:
        raise ConfigurationError("--judge needs OPENAI_API_KEY, or OPENAI_LLM_BASE_URL of a server without keys.")
    theirs = copy(settings)
    theirs.openai = settings.openai.model_copy(update={"llm_model": model})
    built = build_model_in_writing(theirs, "pipeline")
    assert isinstance(built, llm.LLM), "pipeline has a language model"
    return Judge(built)


def _material(held: Held) -> dict[str, Any]:
    return {
        "wanted": held.scenario.about,
        "customer": held.scenario.persona,
        "calls": [
            [{"who": turn.speaker, "said": turn.heard, "shown": titles_of(turn)} for turn in call.record.turns]
            for call in held.calls
        ],
    }
