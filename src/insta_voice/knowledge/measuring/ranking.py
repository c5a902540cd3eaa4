"""Where the articles that answer stand among those found, for one question. `relevant` is never empty: a question
without an answer has no ranking to be right about.
"""

import math
from collections.abc import Collection, Mapping, Sequence

RECALL_DEPTH, NDCG_DEPTH = 5, 10
"""Five passages are what an answer is made of at most; ten articles are what a search page shows."""


def recall(found: Sequence[str], relevant: Collection[str], depth: int = RECALL_DEPTH) -> float:
    """The share of the relevant that is among the first `depth`."""
    return len({*found[:depth]} & {*relevant}) / len({*relevant})


def ndcg(found: Sequence[str], grades: Mapping[str, float], depth: int = NDCG_DEPTH) -> float:
    """Normalised discounted cumulative gain: grades as they are (not 2^grade - 1), discounted by log2(place + 1)."""
    gained = _discounted([grades.get(article_id, 0.0) for article_id in found[:depth]])
    return gained / _discounted(sorted(grades.values(), reverse=True)[:depth])


def reciprocal_rank(found: Sequence[str], relevant: Collection[str]) -> float:
    """1 / the place of the first relevant one; 0 when none is there."""
    return next((1 / place for place, article_id in enumerate(found, 1) if article_id in relevant), 0.0)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))
