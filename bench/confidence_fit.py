"""Fits the weights of insta_voice.knowledge.confidence: logistic regression with non-negative weights."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from insta_voice.knowledge.confidence import Signals, weighed
from insta_voice.knowledge.measuring.calibration import Numbers

_RIDGE = 1.0
_STEPS, _RATE = 4000, 0.3
_FOLDS, _ROUNDS = 5, 5


@dataclass(frozen=True, slots=True)
class Sample:
    """A question's signals, whether it has an answer, and how much it counts. `name` is the same for what was made of
    one question: nothing is judged by weights that its twin took part in. One that is not `real` says what tells an
    answer from none, and not how often there is one: it takes part in the weights, not in the bias.
    """

    signals: Signals
    answerable: bool
    name: str
    weight: float = 1.0
    real: bool = True


def fit(samples: Sequence[Sample]) -> tuple[Signals, float]:
    """Weights and bias, in the form confidence.py keeps them."""
    weights, bias = _fit(*_arrays(samples))
    return Signals(*(round(float(w), 2) for w in weights)), round(bias, 2)


def cross_validated(samples: Sequence[Sample]) -> Numbers:
    """Each sample's confidence by weights that were fitted without it; the mean of five rounds of five folds."""
    x, y, w, real = _arrays(samples)
    names, question = np.unique([s.name for s in samples], return_inverse=True)
    chance = np.random.default_rng(0)
    sure = np.zeros(len(y))
    for _ in range(_ROUNDS):
        fold = chance.integers(0, _FOLDS, len(names))[question]
        for held_out in range(_FOLDS):
            train, test = fold != held_out, fold == held_out
            weights, bias = _fit(x[train], y[train], w[train], real[train])
            sure[test] += _logistic(x[test] @ weights + bias) / _ROUNDS
    return sure


def false_answers(sure: Numbers, answerable: NDArray[np.bool_], answered: float) -> float:
    """The share of the questions without answer that are answered where `answered` of the answerable ones are."""
    refused = int((1 - answered) * answerable.sum())
    return float(np.mean(sure[~answerable] >= np.sort(sure[answerable])[refused]))


def _arrays(samples: Sequence[Sample]) -> tuple[Numbers, Numbers, Numbers, NDArray[np.bool_]]:
    x = np.array([astuple(weighed(s.signals)) for s in samples], dtype=np.float64)
    y = np.array([s.answerable for s in samples], dtype=np.float64)
    weights = np.array([s.weight for s in samples], dtype=np.float64)
    return x, y, weights, np.array([s.real for s in samples])


def _fit(x: Numbers, y: Numbers, w: Numbers, real: NDArray[np.bool_]) -> tuple[Numbers, float]:
    """Gradient descent on standardised figures; a weight below zero is set to zero, so that the result is monotone."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / spread
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(_STEPS):
        error = w * (_logistic(z @ weights + bias) - y)
        bias -= _RATE * float(error.sum() / w.sum())
        weights -= _RATE * (z.T @ error + _RIDGE * weights) / w.sum()
        weights = np.maximum(weights, 0)
    for _ in range(_STEPS):
        error = w[real] * (_logistic(z[real] @ weights + bias) - y[real])
        bias -= _RATE * float(error.sum() / w[real].sum())
    plain = weights / spread
    return plain, bias - float(plain @ mean)


def _logistic(values: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-values))
