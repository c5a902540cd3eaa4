"""How sure it is that what was found answers the question: a logistic function of a few figures of a search.

Fitted by bench/retrieval.py --fit (see bench/README.md) on 200 questions to the WixQA and TechQA articles and 86 to
the demo company's, with non-negative weights: a better figure never makes it less sure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from insta_voice.knowledge.search import Hit

# The answer is looked for in the best three passages: the best of each figure among them counts.
_CONSIDERED = 3


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a search, all 0 to 1: the best sentence's cosine, the best share of BM25, how far the best
    article is ahead of the next, and the share of the question's words that any article has."""

    sentence_cosine: float = 0.0
    lexical: float = 0.0
    margin: float = 0.0
    known: float = 0.0


_WEIGHTS = Signals(sentence_cosine=3.3, lexical=4.5, margin=10.3, known=1.8)
_BIAS = -4.2


def signals_of(hits: Sequence[Hit]) -> Signals:
    """The figures of one search, best hit first; all zero when nothing was found."""
    if not hits:
        return Signals()
    best = hits[:_CONSIDERED]
    others = [hit.score for hit in hits if hit.article_id != hits[0].article_id]
    return Signals(
        sentence_cosine=max(hit.sentence_cosine for hit in best),
        lexical=max(hit.lexical for hit in best),
        margin=hits[0].score - max(others, default=0.0),
        known=hits[0].known,
    )


def confidence(signals: Signals) -> float:
    """The probability, 0 to 1, that the passages answer the question; rises with every figure."""
    total = (
        _BIAS
        + _WEIGHTS.sentence_cosine * signals.sentence_cosine
        + _WEIGHTS.lexical * signals.lexical
        + _WEIGHTS.margin * signals.margin
        + _WEIGHTS.known * signals.known
    )
    return 1 / (1 + math.exp(-total))
