"""Turns in which nothing was understood: silence, noise, and words that mean nothing by themselves."""

import re

from insta_voice.agent.responder import handover
from insta_voice.agent.responder.account import asked_topics
from insta_voice.agent.responder.intents import Intent
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.turn import Kind, Part, Say, TurnView
from insta_voice.agent.responder.words import content, said

# The local recogniser's confidence is the mean probability of its tokens. Clear questions score over 0.85, a lone "uh"
# that comes out as "Yeah." 0.5, see docs/voice.md. Under the first a text is believed only when the articles answer it,
# under the second never.
_DOUBTFUL = 0.55
_NEVER_BELIEVED = 0.25
_ASKED_TO_REPEAT = 2  # then a person is offered instead
_STAGE_DIRECTION = re.compile(r"[\[(*♪<][^\])*♪>]*[\])*♪>]?")


def unheard(turn: TurnView, meant: frozenset[Intent]) -> Say | None:
    """The reply when there is nothing to understand; None when the turn is worth a decision."""
    if meant:
        return None
    heard = _STAGE_DIRECTION.sub(" ", turn.heard) if said(turn.heard) else turn.heard
    if not turn.heard.strip():
        return _miss(turn, "silence", "silence")
    if not said(heard):
        return _miss(turn, "noise", "not understood")
    if doubtful(turn, _NEVER_BELIEVED) or (doubtful(turn) and not turn.answerable):
        return _miss(turn, "noise", "not understood")
    if turn.results or turn.answerable or turn.chosen or asked_topics(turn.heard):
        return None
    if not content(heard) or not any(re.search(r"[aeiouy0-9]", word) for word in said(heard)):
        return _miss(turn, "noise", "not understood")
    if len(said(heard)) <= 2:
        return _miss(turn, "clarify", "say it in a sentence")
    return None


def doubtful(turn: TurnView, under: float = _DOUBTFUL) -> bool:
    """Whether these may not be the caller's words; never where the recogniser does not say how sure it is."""
    return turn.recognition_confidence is not None and turn.recognition_confidence < under


def _miss(turn: TurnView, kind: Kind, name: str) -> Say:
    misses = 0
    for past in reversed(turn.past):
        if past.said is None or not past.said.missed:
            break
        misses += 1
    if misses >= _ASKED_TO_REPEAT:
        return handover.offer(turn, kind, Part(sentence("still not understood", turn.number)), missed=True)
    return Say(kind, (Part(sentence(name, misses)),), missed=True)
