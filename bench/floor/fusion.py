"""Articles in the order of a sum of weighted figures, with weights that are given, or chosen on other questions."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from bench.floor.figures import Figures

from insta_voice.knowledge.measuring.calibration import Numbers
from insta_voice.knowledge.measuring.ranking import ndcg

_FOLDS = 10


class Weights(NamedTuple):
    """Beside the chunk's cosine of this model, which counts 1; BM25 counts as a share of the question's best."""

    model: str
    sentence_cosine: float
    bm25: float
    title_bm25: float


SCORE_FUSION = Weights("MiniLM", 0.0, 0.3, 0.0)
OURS = Weights("both", 0.5, 0.25, 0.1)
# What the vectors alone bring, and what each model does: MiniLM with the weights that were its best.
OTHERS = {
    "score fusion, both models": SCORE_FUSION._replace(model="both"),
    "ours, MiniLM alone": Weights("MiniLM", 1.0, 0.45, 0.2),
    "ours, bge alone": OURS._replace(model="bge"),
}
GRID = tuple(
    Weights("both", *chosen)
    for chosen in itertools.product((0.25, 0.5, 0.75), (0.15, 0.2, 0.25, 0.3), (0.05, 0.1, 0.15))
)


def scores(figures: Figures, weights: Weights) -> Numbers:
    """Of each chunk, shape (chunks,)."""
    return (
        figures.cosine[weights.model]
        + weights.sentence_cosine * figures.sentence_cosine[weights.model]
        + weights.bm25 * figures.bm25 / max(figures.bm25.max(), 1e-9)
        + weights.title_bm25 * figures.title_bm25 / max(figures.title_bm25.max(), 1e-9)
    )


def ranked(articles: Sequence[str], figures: Figures, weights: Weights, count: int = 10) -> list[str]:
    """The first `count` articles by their best chunk."""
    order = np.argsort(-scores(figures, weights), kind="stable")
    return list(dict.fromkeys(articles[number] for number in order))[:count]


def quality(
    articles: Sequence[str], asked: Sequence[Figures], relevant: Sequence[Sequence[str]], weights: Weights
) -> Numbers:
    """nDCG@10 of each question."""
    return np.array(
        [
            ndcg(ranked(articles, figures, weights), dict.fromkeys(wanted, 1.0))
            for figures, wanted in zip(asked, relevant, strict=True)
        ]
    )


def chosen_elsewhere(by_weights: Numbers, parts: Sequence[str], *, seed: int = 0) -> Numbers:
    """nDCG@10 of each question by the weights that are best for the questions of the other folds, in which each part
    counts the same. `by_weights`: shape (weights, questions).
    """
    fold = np.random.default_rng(seed).permutation(by_weights.shape[1]) % _FOLDS
    of_part = [np.array([part == name for part in parts]) for name in sorted(set(parts))]
    found = np.empty(by_weights.shape[1])
    for held_out in range(_FOLDS):
        train, test = fold != held_out, fold == held_out
        means = np.mean([by_weights[:, train & of].mean(axis=1) for of in of_part], axis=0)
        found[test] = by_weights[int(means.argmax()), test]
    return found
