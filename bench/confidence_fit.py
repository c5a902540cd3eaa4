"""Fits the weights of insta_voice.knowledge.confidence: logistic regression with non-negative weights."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from insta_voice.knowledge.confidence import Signals
from insta_voice.knowledge.measuring.calibration import Numbers

_RIDGE = 1.0
_STEPS, _RATE = 4000, 0.3
_FOLDS, _ROUNDS = 5, 5


@dataclass(frozen=True, slots=True)
class Sample:
    """A question's signals, whether it has an answer, and how much it counts."""

    signals: Signals
    answerable: bool
    weight: float = 1.0


def fit(samples: Sequence[Sample]) -> tuple[Signals, float]:
    """Weights and bias, in the form confidence.py keeps them."""
    weights, bias = _fit(*_arrays(samples))
    return Signals(*(round(float(w), 2) for w in weights)), round(bias, 2)


def cross_validated(samples: Sequence[Sample]) -> Numbers:
    """Each sample's confidence by weights that were fitted without it; the mean of five rounds of five folds."""
    x, y, w = _arrays(samples)
    chance = np.random.default_rng(0)
    sure = np.zeros(len(y))
    for _ in range(_ROUNDS):
        fold = chance.integers(0, _FOLDS, len(y))
        for held_out in range(_FOLDS):
            train, test = fold != held_out, fold == held_out
            weights, bias = _fit(x[train], y[train], w[train])
            sure[test] += _logistic(x[test] @ weights + bias) / _ROUNDS
    return sure


def false_answers(sure: Numbers, answerable: NDArray[np.bool_], answered: float) -> float:
    """The share of the questions without answer that are answered where `answered` of the answerable ones are."""
    refused = int((1 - answered) * answerable.sum())
    return float(np.mean(sure[~answerable] >= np.sort(sure[answerable])[refused]))


def _arrays(samples: Sequence[Sample]) -> tuple[Numbers, Numbers, Numbers]:
    x = np.array([astuple(s.signals) for s in samples], dtype=np.float64)
    y = np.array([s.answerable for s in samples], dtype=np.float64)
    return x, y, np.array([s.weight for s in samples], dtype=np.float64)


def _fit(x: Numbers, y: Numbers, w: Numbers) -> tuple[Numbers, float]:
    """Gradient descent on standardised figures; a weight below zero is set to zero, so that the result is monotone."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / spread
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(_STEPS):
        error = w * (_logistic(z @ weights + bias) - y)
        bias -= _RATE * float(error.sum() / w.sum())
        weights -= _RATE * (z.T @ error + _RIDGE * weights) / w.sum()
        weights = np.maximum(weights, 0)
    plain = weights / spread
    return plain, bias - float(plain @ mean)


def _logistic(values: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-values))
