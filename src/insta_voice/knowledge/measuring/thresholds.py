"""What each "answer only when at least N % sure" would cost and bring."""

from collections.abc import Sequence
from dataclasses import dataclass

from insta_voice.knowledge.measuring.asking import Asked
from insta_voice.knowledge.measuring.measures import MEASURES
from insta_voice.knowledge.measuring.outcomes import outcomes

_THRESHOLDS = tuple(percent / 100 for percent in range(30, 91, 10))
_COLUMNS = ("answered", "right", "wrong_article", "false_answers", "false_refusals")


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """The shares, as in MEASURES, if a question were answered when at least `threshold` sure."""

    threshold: float
    answered: float
    right: float
    wrong_article: float
    false_answers: float
    false_refusals: float


def by_threshold(asked: Sequence[Asked], in_use: float) -> tuple[AtThreshold, ...]:
    """From 30 to 90 %, and at the one in use."""
    return tuple(_at(asked, threshold) for threshold in sorted({*_THRESHOLDS, in_use}))


def _at(asked: Sequence[Asked], threshold: float) -> AtThreshold:
    came_of_it = outcomes(asked, threshold)
    return AtThreshold(threshold, *(MEASURES[name].of(came_of_it) for name in _COLUMNS))
