"""Shares with their uncertainty, percentiles, and EVA's turn-taking score."""

import math
from collections.abc import Sequence

import numpy as np

_Z = 1.959964  # 95 %
# EVA's turn-taking curve: milliseconds from the caller's last sound to the answer's first, and the score there.
_EVA_MS = (-500.0, 0.0, 500.0, 2000.0, 3500.0)
_EVA_SCORE = (0.0, 0.5, 1.0, 1.0, 0.0)


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    share, square = count / of, _Z**2
    middle = share + square / (2 * of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, (middle - half) / (1 + square / of)), min(1.0, (middle + half) / (1 + square / of))


def percentile(values: Sequence[float], percent: float) -> float | None:
    """None of nothing."""
    return float(np.percentile(values, percent)) if values else None


def eva_score(latency_s: float | None) -> float:
    """0 to 1; an answer that never came (None) is 0."""
    return 0.0 if latency_s is None else float(np.interp(latency_s * 1000, _EVA_MS, _EVA_SCORE))
