"""Asking the caller which of two articles they mean, in the words of the titles."""

import re
from collections.abc import Sequence

from insta_voice.agent.responder.lexicon import word_list
from insta_voice.agent.responder.phrasing import lowered
from insta_voice.agent.responder.questions import Asked
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.spoken import spoken
from insta_voice.agent.responder.turn import Part, Say, TurnView

_TITLE_WORDS = 10  # two titles of this length are a breath each; of longer ones a caller forgets the first


def ask_which(turn: TurnView, parts: Sequence[Asked]) -> Say | None:
    """ "Do you mean this, or that?"; None where no choice was found, where the account may know it, or where the titles
    cannot be told apart by ear.
    """
    if len(parts) != 1 or parts[0].asks_account or (found := parts[0].evidence) is None or found.choice is None:
        return None
    first, second = (_spoken(passage.title) for passage in found.choice.candidates)
    if not first or not second or first == second:
        return None
    return Say("clarify", (Part(sentence("which of two", turn.number, first=first, second=second)),), offer="choice")


def _spoken(title: str) -> str:
    """ "Reset your password" → "how to reset your password": for inside a sentence, its own punctuation gone; empty
    when it is too long to be asked.
    """
    said = " ".join(re.sub(r"[.,:;!?]+(?=\s|$)", " ", spoken(title)).split())
    if not said or len(said.split()) > _TITLE_WORDS:
        return ""
    is_instruction = said.split()[0].lower() in word_list("instructions")
    return f"how to {lowered(said)}" if is_instruction else lowered(said)
