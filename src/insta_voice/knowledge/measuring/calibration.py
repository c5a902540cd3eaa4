"""Whether a confidence is a probability: of what is 80 % sure, four of five should be right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

BINS = 10
"""Of equal width, so that a row of the table is a step of ten per cent, as thresholds are."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions with a confidence from `low` up to `high`: their mean confidence, and the share that was right."""

    low: float
    high: float
    questions: int
    confidence: float
    right: float


def reliability(confidence: Numbers, right: Flags) -> tuple[Bin, ...]:
    """The bins that hold questions, least sure first."""
    counts, sure, correct = _binned(confidence, right)
    return tuple(
        Bin(i / BINS, (i + 1) / BINS, int(counts[i]), float(sure[i] / counts[i]), float(correct[i] / counts[i]))
        for i in range(BINS)
        if counts[i]
    )


def expected_calibration_error(confidence: Numbers, right: Flags) -> float:
    """How far confidence and share right lie apart in a bin, averaged over questions; NaN without any."""
    _, sure, correct = _binned(confidence, right)
    return float(np.abs(sure - correct).sum() / len(confidence)) if len(confidence) else float("nan")


def brier(confidence: Numbers, right: Flags) -> float:
    """The mean square of confidence minus what came of it (1 right, 0 not); NaN without any."""
    return float(np.mean((confidence - right) ** 2)) if len(confidence) else float("nan")


def auroc(confidence: Numbers, positive: Flags) -> float:
    """How often a positive is surer than a negative, ties counting half; NaN when there are not both."""
    yes, no = confidence[positive], np.sort(confidence[~positive])
    if not len(yes) or not len(no):
        return float("nan")
    below, not_above = np.searchsorted(no, yes, side="left"), np.searchsorted(no, yes, side="right")
    return float(np.mean(below + not_above) / (2 * len(no)))


def _binned(confidence: Numbers, right: Flags) -> tuple[Numbers, Numbers, Numbers]:
    """By bin: how many questions, the sum of their confidence, and how many were right."""
    bins = np.minimum((confidence * BINS).astype(np.intp), BINS - 1)  # 1 itself belongs to the last
    return _sums(bins, np.ones(len(bins))), _sums(bins, confidence), _sums(bins, right.astype(np.float64))


def _sums(bins: NDArray[np.intp], values: Numbers) -> Numbers:
    return np.bincount(bins, weights=values, minlength=BINS).astype(np.float64)
