"""Which minds there are to choose from, and what the processes of a run are told of the one that was chosen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Mind = Literal["responder", "llm", "tool"]
MINDS: Final[tuple[Mind, ...]] = get_args(Mind)
# A quick hosted model and its two sentences, as the aims for such a mind are stated.
FIRST_TOKEN_MS, WHOLE_MS = 300, 900
TITLES: Final[Mapping[Mind, str]] = {
    "responder": "the grounded responder; the peers answer at once, by heart",
    "llm": f"one scripted language model for all, first token after {FIRST_TOKEN_MS} ms, {WHOLE_MS} ms in all",
    "tool": f"the same scripted language model ({FIRST_TOKEN_MS} and {WHOLE_MS} ms), which the peers ask twice: what "
    "they know comes through a tool, what we know is searched before",
}
"""What the table of each is headed with."""

MODEL: Final = "scripted"
SEARCH: Final = "search_knowledge"
"""The peers' tool, where the model is to call one."""

INSTRUCTIONS: Final = "You are the assistant of Tidewater."
_MIND: Final = "BENCH_MIND"


@dataclass(frozen=True, slots=True)
class Told:
    """What a peer is told of its mind. `url` and `api_key` are "" where no model is asked."""

    mind: Mind
    url: str
    api_key: str

    @classmethod
    def by_environment(cls) -> "Told":
        """Of this process."""
        (mind,) = (mind for mind in MINDS if mind == os.environ[_MIND])
        return cls(mind, os.environ.get("OPENAI_LLM_BASE_URL", ""), os.environ.get("OPENAI_LLM_API_KEY", ""))


def variables(mind: Mind, url: str, api_key: str) -> dict[str, str]:
    """What the product and the peers are started with, of a model that is served at `url`."""
    if mind == "responder":
        return {_MIND: mind, "VOICE_MODE": "local"}
    return {
        _MIND: mind,
        "VOICE_MODE": "pipeline",
        "VOICE_STT": "local",
        "VOICE_TTS": "local",
        "OPENAI_LLM_BASE_URL": url,
        "OPENAI_LLM_API_KEY": api_key,
        "OPENAI_LLM_MODEL": MODEL,
        "OPENAI_LLM_AHEAD": "true",
    }
