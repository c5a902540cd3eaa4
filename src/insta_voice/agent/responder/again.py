"""Saying something again, more slowly, from where it was cut off, or going on in the same article."""

import re

from insta_voice.agent.responder.lexicon import alternatives
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.turn import Part, PastTurn, Say, TurnView

_SPOKEN_PARTS = 2  # of what an article says next: one breath, then the caller decides
_EMPTY_KINDS = frozenset({"noise", "silence"})
_BETWEEN_KINDS = _EMPTY_KINDS | {"clarify", "thanks", "greeting"}  # an article is still open behind these


def repeat(turn: TurnView) -> Say:
    """The last answer in full, however much of it was heard."""
    return _again(turn, "repeat", ())


def slower(turn: TurnView) -> Say:
    """The same, announced; the app slows the voice down."""
    return _again(turn, "slower", (Part(sentence("slower", turn.number)),))


def _again(turn: TurnView, kind: str, before: tuple[Part, ...]) -> Say:
    last = _last_answer(turn)
    slower_kind = kind == "slower"
    if last is None:
        parts = before or (Part(sentence("nothing to repeat", turn.number)),)
        return Say("slower" if slower_kind else "repeat", parts)
    if last.said is None:
        return Say("slower" if slower_kind else "repeat", (*before, Part(last.spoken)))
    announcement = Part(sentence("slower", 0))
    kept = tuple(part for part in last.said.parts if part != announcement)
    return Say("slower" if slower_kind else "repeat", (*before, *kept), offer=last.said.offer, more=last.said.more)


def go_on(turn: TurnView) -> Say:
    """The rest of an interrupted answer, else the next sentences of the article the last answer came from."""
    last = _last_substance(turn)
    if last is None or last.said is None:
        return Say("clarify", (Part(sentence("nothing to continue", turn.number)),))
    if rest := unheard(last):
        return Say("answer", rest, offer=last.said.offer, more=last.said.more)
    if last.said.more:
        return Say("answer", last.said.more[:_SPOKEN_PARTS], more=last.said.more[_SPOKEN_PARTS:])
    if last.said.citations:
        return Say("clarify", (Part(sentence("all said", turn.number)),))
    return Say("clarify", (Part(sentence("nothing to continue", turn.number)),))


def reason(turn: TurnView) -> Say | None:
    """A reason the last article gives further on; None when the last turn was no answer from an article."""
    last = _last_substance(turn)
    if last is None or last.said is None or not last.said.citations:
        return None
    for place, part in enumerate(last.said.more):
        if alternatives("reason").search(part.text):
            return Say("answer", (part,), more=last.said.more[place + 1 :])
    return Say("clarify", (Part(sentence("no reason given", turn.number)),), more=last.said.more)


def _last_answer(turn: TurnView) -> PastTurn | None:
    """The last turn in which the assistant said something worth saying again."""
    for past in reversed(turn.past):
        if past.said is not None and past.said.kind not in _EMPTY_KINDS:
            return past
        if past.said is None and past.spoken:
            return past
    return None


def _last_substance(turn: TurnView) -> PastTurn | None:
    """The last turn that told the caller something."""
    return next((past for past in reversed(turn.past) if past.said and past.said.kind not in _BETWEEN_KINDS), None)


def unheard(last: PastTurn) -> tuple[Part, ...]:
    """The parts of an interrupted answer from the one that was cut off."""
    if last.said is None or not last.interrupted:
        return ()
    heard = len(_letters(last.spoken))
    so_far = 0
    for place, part in enumerate(last.said.parts):
        so_far += len(_letters(part.text))
        if so_far > heard:
            return last.said.parts[place:]
    return ()


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)
