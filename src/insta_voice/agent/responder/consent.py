"""Whether the caller agreed that a ticket is opened: in clear words, or not at all."""

from enum import Enum

from insta_voice.agent.responder.hearing import doubtful
from insta_voice.agent.responder.intents import Intent, intents, without_opener
from insta_voice.agent.responder.lexicon import alternatives
from insta_voice.agent.responder.turn import TurnView
from insta_voice.knowledge.questions import asks

_AGREES = frozenset({Intent.YES, Intent.HUMAN, Intent.TICKET})
_LONGEST_AFTER_YES = 8  # words of a statement; who says more after "yes" speaks of something else


class Reply(Enum):
    """What was answered to "shall I pass this to a colleague?"."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


def reply_to_ticket(turn: TurnView, meant: frozenset[Intent]) -> Reply | None:
    """None when it is no answer but a turn of its own: a new question, a goodbye, "say that again"."""
    if meant & _AGREES:
        # "that is fine" may mean either, and an "uh" can come out as "Yeah."
        return Reply.UNCLEAR if Intent.NO in meant or doubtful(turn) else Reply.YES
    if Intent.ACKNOWLEDGE in meant:
        return Reply.UNCLEAR
    if Intent.NO in meant:
        return Reply.NO
    return None if meant else _after_opener(turn)


def _after_opener(turn: TurnView) -> Reply | None:
    """ "Yes, that is very thoughtful" agrees; "ok, how do I change my email" and "great, it works" do not."""
    rest = without_opener(turn.heard)
    opening = intents(turn.heard[: len(turn.heard) - len(rest)])
    if Intent.YES not in opening or Intent.NO in opening:
        return None
    meant = intents(rest)
    if meant & _AGREES and Intent.NO not in meant:
        return Reply.YES
    if not meant and (asks(rest) or turn.answerable):
        return None
    # "ok" and "great" are also said by who only listens
    clear = opening == {Intent.YES} and not meant and not alternatives("negation").search(rest)
    return Reply.YES if clear and len(rest.split()) <= _LONGEST_AFTER_YES else Reply.UNCLEAR
