"""Whether a short question separates two articles that may both answer: then the caller is asked which they mean."""

from collections.abc import Sequence
from typing import Final

from insta_voice.knowledge.confidence import confidence, signals_of
from insta_voice.knowledge.evidence import Choice
from insta_voice.knowledge.hits import Hit

# Of the demo company's questions that are refused, 5 are asked back, 3 of them about an expected article, and none that
# has no answer; at .25 two of those are (docs/knowledge.md).
PLAUSIBLE: Final = 0.3


def choice_of(
    question: str, hits: Sequence[Hit], answer_confidence: float, *, plausible: float = PLAUSIBLE
) -> Choice | None:
    """The two articles between which a question that is not sure enough is to be decided, from one search, best hit
    first; None when it is sure enough, or when nothing says that it is one of two.

    Each of them has to be plausible with the other away: a question that fits nothing fits two things no better.
    """
    if confidence(signals_of(hits)) >= answer_confidence:
        return None
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(_title(hit), hit)
    if len(best) < 2:
        return None
    first, second, *_ = best.values()
    if any(_alone(hits, other) < plausible for other in (second, first)):
        return None
    return Choice(question, (first.passage, second.passage))


def _alone(hits: Sequence[Hit], other: Hit) -> float:
    """How sure it would be without the `other`."""
    return confidence(signals_of([hit for hit in hits if _title(hit) != _title(other)]))


def _title(hit: Hit) -> str:
    """What articles are told apart by: a caller cannot choose between two of one title."""
    return " ".join(hit.passage.title.casefold().split())
