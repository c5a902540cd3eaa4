"""Of which kind a language model's answer was: by what was found for it and what it called, not by its words."""

from collections.abc import Sequence

from livekit.agents import llm

from insta_voice.agent.responder.intents import Intent, intents
from insta_voice.agent.responder.turn import Kind
from insta_voice.agent.turns.words import TurnWords
from insta_voice.calls import Source
from insta_voice.knowledge import asks
from insta_voice.languages import Language

# What a tool did in the answer makes it one of these, whatever else was said.
_DONE_BY: dict[str, Kind] = {"open_ticket": "ticket", "get_user_account_info": "account"}


def outcome(
    question: str,
    sources: Sequence[Source],
    said_and_called: Sequence[llm.ChatItem],
    language: Language,
    *,
    asks_back: bool = False,
) -> Kind:
    """What counts as answered or left open in a summary, and what ends the call. `said_and_called`: the items of the
    answer's speech; `language`: the caller's; `asks_back`: it was told to ask which of two articles is meant.
    """
    done = {
        _DONE_BY.get(item.name) for item in said_and_called if item.type == "function_call_output" and not item.is_error
    }
    if "ticket" in done:
        return "ticket"
    if TurnWords(language).says_goodbye(question):
        return "goodbye"
    if sources:
        return "answer"
    if "account" in done:
        return "account"
    meant = intents(question)
    if Intent.HUMAN in meant:
        return "handover"
    if asks_back:
        return "clarify"
    return "unknown" if asks(question) and not meant else "clarify"
