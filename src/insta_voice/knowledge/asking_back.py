"""Whether a short question separates two articles that may both answer: then the caller is asked which they mean."""

from collections.abc import Sequence
from typing import Final

from insta_voice.knowledge.confidence import confidence, signals_of
from insta_voice.knowledge.evidence import Choice
from insta_voice.knowledge.hits import Hit
from insta_voice.knowledge.questions import content_words

# At .25 some of the demo company's that have no answer are asked back, at .30 none (docs/knowledge.md).
PLAUSIBLE: Final = 0.3
# "I want to pick a different plan." surely has an answer, and does not say which. Of nine questions to the demo company
# that are asked back for these, the first article is the right one in 3, and the second in 3 more (bench.asking_back).
_SAYS_LITTLE: Final = 4  # words that carry meaning
_AS_GOOD: Final = 0.82  # of the first one's score
_SURE: Final = 0.95


def choice_of(
    question: str, hits: Sequence[Hit], answer_confidence: float, *, plausible: float = PLAUSIBLE
) -> Choice | None:
    """The two articles between which a question is to be decided that is not sure enough, or says too little to tell
    them apart, from one search, best hit first; None when nothing says that it is one of two.

    Each of them has to be plausible with the other away: a question that fits nothing fits two things no better.
    """
    sure = confidence(signals_of(hits))
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(_title(hit), hit)
    if len(best) < 2:
        return None
    first, second, *_ = best.values()
    if sure >= answer_confidence and not (sure < _SURE and _says_too_little(question, first, second)):
        return None
    if any(_alone(hits, other) < plausible for other in (second, first)):
        return None
    return Choice(question, (first.passage, second.passage))


def _says_too_little(question: str, first: Hit, second: Hit) -> bool:
    words = set(content_words(question))
    return len(words) <= _SAYS_LITTLE and second.passage.score >= _AS_GOOD * first.passage.score


def _alone(hits: Sequence[Hit], other: Hit) -> float:
    """How sure it would be without the `other`."""
    return confidence(signals_of([hit for hit in hits if _title(hit) != _title(other)]))


def _title(hit: Hit) -> str:
    """What articles are told apart by: a caller cannot choose between two of one title."""
    return " ".join(hit.passage.title.casefold().split())
