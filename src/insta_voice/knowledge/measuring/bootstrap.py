"""Whether the difference of two settings is more than the luck of these questions: a paired bootstrap."""

from dataclasses import dataclass

import numpy as np

from insta_voice.knowledge.measuring.calibration import Numbers
from insta_voice.knowledge.measuring.measures import MEASURES
from insta_voice.knowledge.measuring.outcomes import Outcomes

# Percentiles at the ends of a 95 % interval want a thousand draws or more (Efron and Tibshirani, An Introduction to the
# Bootstrap, 1993, chapter 13); two thousand take seconds.
DRAWS = 2000
_ENDS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Difference:
    """The second setting's figure minus the first's, and its 95 % interval."""

    difference: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def differences(first: Outcomes, second: Outcomes, *, draws: int = DRAWS, seed: int = 0) -> dict[str, Difference]:
    """Each measure's difference over the same questions; without those that cannot be taken of them.

    The questions are drawn again, as many, with both settings' outcomes of each: what is hard for both cancels out. A
    draw without a question that a measure is of says nothing about it.
    """
    draw = np.random.default_rng(seed)
    drawn = np.empty((draws, len(MEASURES)))
    for number in range(draws):
        rows = draw.integers(0, len(first), len(first))
        drawn[number] = _changes(first.take(rows), second.take(rows))
    return {
        name: Difference(float(change), *_interval(drawn[:, column]))
        for column, (name, change) in enumerate(zip(MEASURES, _changes(first, second), strict=True))
        if not np.isnan(change)
    }


def _changes(first: Outcomes, second: Outcomes) -> Numbers:
    return np.array([measure.of(second) - measure.of(first) for measure in MEASURES.values()])


def _interval(drawn: Numbers) -> tuple[float, float]:
    low, high = np.percentile(drawn[~np.isnan(drawn)], _ENDS)
    return float(low), float(high)
