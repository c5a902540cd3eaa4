"""The questions that went most wrong, with what was found instead: what somebody can act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from insta_voice.knowledge.lookup import FoundArticle
from insta_voice.knowledge.measuring.asking import Asked
from insta_voice.knowledge.measuring.question_file import Question

_SHOWN = 3

Fault = Literal["false answer", "wrong article", "false refusal"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """`places` has the place of each expected article among those found, None where it is not there; `found` the
    first three.
    """

    question: Question
    fault: Fault
    confidence: float
    places: dict[str, int | None]
    found: tuple[FoundArticle, ...]


def worst(asked: Sequence[Asked], threshold: float, count: int) -> tuple[Wrong, ...]:
    """At most `count`: wrong answers before refusals, as they are worse than none; the surest of those and the least
    sure of these first.
    """
    faults = [(one, fault) for one in asked if (fault := _fault(one, threshold)) is not None]
    faults.sort(key=lambda pair: _order(*pair))
    return tuple(_wrong(one, fault) for one, fault in faults[:count])


def _fault(asked: Asked, threshold: float) -> Fault | None:
    question = asked.question
    if not asked.found.answered_at(threshold):
        return "false refusal" if question.answerable else None
    if not question.answerable:
        return "false answer"
    return None if asked.article_ids[0] in question.relevant else "wrong article"


def _order(asked: Asked, fault: Fault) -> float:
    """Below 0 for what was answered, from the surest on; from 0 up for what was refused."""
    return asked.found.confidence if fault == "false refusal" else -asked.found.confidence


def _wrong(asked: Asked, fault: Fault) -> Wrong:
    place_of = {article_id: place for place, article_id in enumerate(asked.article_ids, 1)}
    places = {article_id: place_of.get(article_id) for article_id in asked.question.relevant}
    return Wrong(asked.question, fault, asked.found.confidence, places, asked.found.articles[:_SHOWN])
