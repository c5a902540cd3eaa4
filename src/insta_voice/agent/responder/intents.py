"""What a caller wants when it is not a question about the product: read from `intents.toml`, whole utterances only."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from insta_voice.agent.responder.lexicon import lexicon
from insta_voice.agent.responder.words import core, said

_LONGEST = 16  # words; longer utterances say more than an intent


class Intent(StrEnum):
    """What a whole utterance can stand for. Where several match, `decide.py` says which of them counts."""

    GOODBYE = "goodbye"
    TICKET = "ticket"
    HUMAN = "human"
    SLOWER = "slower"
    REPEAT = "repeat"
    PRESENCE = "presence"
    IDENTITY = "identity"
    ABILITY = "ability"
    OPENING = "opening"
    PAUSE = "pause"
    NOT_HELPED = "not_helped"
    CONTINUE = "continue"
    WHY = "why"
    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    ACKNOWLEDGE = "acknowledge"
    GREETING = "greeting"


# What is over with these words, whatever else may be said after it. "I have a question" is not: there it comes.
_REQUESTS = frozenset(
    {Intent.GOODBYE, Intent.TICKET, Intent.HUMAN, Intent.SLOWER, Intent.REPEAT, Intent.CONTINUE, Intent.WHY}
)


@lru_cache(maxsize=1)
def _patterns() -> Mapping[Intent, re.Pattern[str]]:
    data = lexicon("intents")
    return {
        Intent(name): re.compile("|".join(f"(?:{_filled(line, data['snippets'])})" for line in lines))
        for name, lines in data["intents"].items()
    }


def _filled(line: str, snippets: Mapping[str, str]) -> str:
    for name, snippet in snippets.items():
        line = line.replace("{" + name + "}", snippet)
    return line


def intents(heard: str) -> frozenset[Intent]:
    """Every intent the whole utterance can stand for; empty when it is a question or anything else."""
    if len(said(heard)) > _LONGEST:
        return frozenset()
    spellings = {" ".join(said(heard)), core(heard)} - {""}
    return frozenset(intent for intent, pattern in _patterns().items() if any(map(pattern.fullmatch, spellings)))


def is_request(heard: str) -> bool:
    """Whether the whole utterance asks the assistant to do something, and nothing of it is still to come."""
    return not intents(heard).isdisjoint(_REQUESTS)


_OPENERS = re.compile(
    r"(?:hi|hello|hey|hi there|hello there|hey there|good (?:morning|afternoon|evening)|thanks|thank you|ok|okay|great|"
    r"perfect|alright|cool|nice|super|excellent|thanks a lot|thank you very much|sorry|excuse me|yes|yeah|no)[,.!]+\s+",
    re.IGNORECASE,
)


def without_opener(heard: str) -> str:
    """ "Thanks. And how do I …?" is a question: the courtesy in front of it is taken off."""
    while match := _OPENERS.match(heard):
        heard = heard[match.end() :]
    return heard
