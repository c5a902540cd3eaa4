"""How sure it is that what was found answers the question: a logistic function of a few figures of a search.

Fitted by `python -m bench.retrieval --fit` on 200 questions to the WixQA and TechQA articles and 146 to
the demo company's (figures in docs/knowledge.md), with non-negative weights: a better figure never makes it less sure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from insta_voice.knowledge.search import Hit

# The answer is looked for in the best three passages: the best of each figure among them counts.
_CONSIDERED = 3


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a search, all 0 to 1: the best cosine of a chunk and of a sentence, the best share of BM25,
    how far the best article is ahead of the next, and the share of the question's words that any article has."""

    cosine: float = 0.0
    sentence_cosine: float = 0.0
    lexical: float = 0.0
    margin: float = 0.0
    known: float = 0.0


_WEIGHTS = Signals(cosine=2.29, sentence_cosine=1.93, lexical=3.72, margin=6.4, known=1.65)
_BIAS = -4.24
# Without vectors (words_alone.py), fitted on the same questions with `--words --fit`, for how likely the first article
# is the right one: words alone find a wrong one too often to count what stands further down.
_WEIGHTS_OF_WORDS = Signals(lexical=4.92, margin=3.57, known=1.69)
_BIAS_OF_WORDS = -3.74


def signals_of(hits: Sequence[Hit]) -> Signals:
    """The figures of one search, best hit first; all zero when nothing was found."""
    if not hits:
        return Signals()
    best = hits[:_CONSIDERED]
    first = hits[0].passage
    others = [hit.passage.score for hit in hits if hit.passage.article_id != first.article_id]
    return Signals(
        cosine=max(hit.cosine for hit in best),
        sentence_cosine=max(hit.sentence_cosine for hit in best),
        lexical=max(hit.lexical for hit in best),
        margin=first.score - max(others, default=0.0),
        known=hits[0].known,
    )


def confidence(signals: Signals) -> float:
    """The probability, 0 to 1, that the passages answer the question; rises with every figure."""
    by_words = signals.cosine == signals.sentence_cosine == 0
    weights, bias = (_WEIGHTS_OF_WORDS, _BIAS_OF_WORDS) if by_words else (_WEIGHTS, _BIAS)
    total = (
        bias
        + weights.cosine * signals.cosine
        + weights.sentence_cosine * signals.sentence_cosine
        + weights.lexical * signals.lexical
        + weights.margin * signals.margin
        + weights.known * signals.known
    )
    return 1 / (1 + math.exp(-total))
