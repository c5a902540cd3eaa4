"""Whether the caller agreed that a ticket is opened: in clear words, or not at all."""

from enum import Enum

from insta_voice.agent.responder.hearing import doubtful
from insta_voice.agent.responder.intents import Intent, intents, without_opener
from insta_voice.agent.responder.lexicon import alternatives
from insta_voice.agent.responder.turn import TurnView
from insta_voice.agent.responder.words import words
from insta_voice.knowledge.questions import asks

_WANTS_IT = frozenset({Intent.HUMAN, Intent.TICKET})
_AGREES = _WANTS_IT | {Intent.YES}
_LONGEST_AFTER_YES = 8  # words of a statement; who says more after "yes" speaks of something else


class Reply(Enum):
    """What was answered to "shall I pass this to a colleague?"."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


def reply_to_ticket(turn: TurnView, meant: frozenset[Intent]) -> Reply | None:
    """None when it is no answer but a turn of its own: a new question, a goodbye, "say that again"."""
    reply = _in_words(turn, meant)
    wanted = meant & _WANTS_IT or _was_asked(turn)
    # an "uh" can come out as "Yeah.", and an "okay" that cut the offer off agrees to nothing
    return Reply.UNCLEAR if reply is Reply.YES and (doubtful(turn) or not wanted) else reply


def _was_asked(turn: TurnView) -> bool:
    """Whether the offer was heard up to its question mark."""
    if not turn.past or not turn.past[-1].interrupted or turn.last is None:
        return True
    question = turn.last.parts[-1].text.rpartition("?")[0]
    return " ".join(words(question)) in " ".join(words(turn.past[-1].spoken))


def _in_words(turn: TurnView, meant: frozenset[Intent]) -> Reply | None:
    if meant & _AGREES:
        return Reply.UNCLEAR if Intent.NO in meant else Reply.YES  # "that is fine" may mean either
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
