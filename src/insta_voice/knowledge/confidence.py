"""How sure it is that what was found answers the question: a logistic function of four figures of a search.

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
    """What is known of a search: the best cosine of a chunk and of a sentence, the best share of BM25, and how far
    the best article is ahead of the next. All 0 to 1."""

    cosine: float = 0.0
    sentence_cosine: float = 0.0
    lexical: float = 0.0
    margin: float = 0.0


_WEIGHTS = Signals(cosine=1.3, sentence_cosine=2.7, lexical=5.0, margin=9.0)
_BIAS = -3.3


def signals_of(hits: Sequence[Hit]) -> Signals:
    """The figures of one search, best hit first; all zero when nothing was found."""
    if not hits:
        return Signals()
    best = hits[:_CONSIDERED]
    others = [hit.score for hit in hits if hit.article_id != hits[0].article_id]
    return Signals(
        cosine=max(hit.cosine for hit in best),
        sentence_cosine=max(hit.sentence_cosine for hit in best),
        lexical=max(hit.lexical for hit in best),
        margin=hits[0].score - max(others, default=0.0),
    )


def confidence(signals: Signals) -> float:
    """The probability, 0 to 1, that the passages answer the question; rises with every figure."""
    total = (
        _BIAS
        + _WEIGHTS.cosine * signals.cosine
        + _WEIGHTS.sentence_cosine * signals.sentence_cosine
        + _WEIGHTS.lexical * signals.lexical
        + _WEIGHTS.margin * signals.margin
    )
    return 1 / (1 + math.exp(-total))
