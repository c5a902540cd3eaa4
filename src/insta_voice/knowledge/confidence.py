"""How sure it is that what was found answers the question: a logistic function of a few figures of a search.

Fitted by `python -m bench.retrieval --fit` on 200 questions to the WixQA and TechQA articles, those that have an answer
once more with their articles taken away, and 146 to the demo company's (figures in docs/knowledge.md), with
non-negative weights: a better figure never makes it less sure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from insta_voice.knowledge.hits import Hit

# The answer is looked for in the best three passages: the best of each figure among them counts.
_CONSIDERED = 3
# The best article stands out when it is ahead of several: a second one about the same thing takes nothing from the
# first, three of them say that the question fits none. The next three told more than the next one (docs/knowledge.md).
_RIVALS = 3


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a search, all 0 to 1: the best cosine of a sentence, the best share of BM25, how far the best
    article is ahead of the mean of the next three, the share of the question's words that any article has, and how much
    nearer the best passage is than what else is about the same. How near it is says nothing beside that."""

    sentence_cosine: float = 0.0
    lexical: float = 0.0
    margin: float = 0.0
    known: float = 0.0
    ahead: float = 0.0


_WEIGHTS = Signals(sentence_cosine=0.41, lexical=0.77, margin=6.67, ahead=13.96)
_BIAS = -2.76
# Without vectors (words_alone.py), fitted on the same questions with `--words --fit`, for how likely the first article
# is the right one: words alone find a wrong one too often to count what stands further down.
_WEIGHTS_OF_WORDS = Signals(lexical=5.44, margin=4.5, known=1.72)
_BIAS_OF_WORDS = -4.46


def signals_of(hits: Sequence[Hit]) -> Signals:
    """The figures of one search, best hit first; all zero when nothing was found."""
    if not hits:
        return Signals()
    best = hits[:_CONSIDERED]
    first, *others = _best_of_each_article(hits)
    rivals = others[:_RIVALS]
    return Signals(
        sentence_cosine=max(hit.sentence_cosine for hit in best),
        lexical=max(hit.lexical for hit in best),
        margin=first - (sum(rivals) / len(rivals) if rivals else 0.0),
        known=hits[0].known,
        ahead=max(hits[0].ahead, 0.0),
    )


def _best_of_each_article(hits: Sequence[Hit]) -> list[float]:
    """The scores of the articles, best first."""
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(hit.passage.article_id, hit.passage.score)
    return list(best.values())


def weighed(signals: Signals) -> Signals:
    """The figures as the weights are for: what stands out does so for the words that are known, and counts as far as
    there are no others."""
    return replace(signals, ahead=signals.ahead * signals.known)


def confidence(signals: Signals) -> float:
    """The probability, 0 to 1, that the passages answer the question; rises with every figure."""
    by_words = signals.sentence_cosine == signals.ahead == 0
    weights, bias = (_WEIGHTS_OF_WORDS, _BIAS_OF_WORDS) if by_words else (_WEIGHTS, _BIAS)
    figures = weighed(signals)
    total = (
        bias
        + weights.sentence_cosine * figures.sentence_cosine
        + weights.lexical * figures.lexical
        + weights.margin * figures.margin
        + weights.known * figures.known
        + weights.ahead * figures.ahead
    )
    return 1 / (1 + math.exp(-total))
