"""The measures of a confidence, by hand and by what must hold for any."""

import math
from collections.abc import Sequence

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insta_voice.knowledge.measuring.calibration import (
    Bin,
    Flags,
    Numbers,
    auroc,
    brier,
    expected_calibration_error,
    reliability,
)

EVERY_TIME_THE_SAME = hypothesis.settings(derandomize=True, database=None, deadline=None)
ANSWERS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)

SURE = np.array([0.95, 0.85, 0.85, 0.25])
RIGHT = np.array([True, False, True, False])


def columns(answers: Sequence[tuple[float, bool]]) -> tuple[Numbers, Flags]:
    return np.array([sure for sure, _ in answers]), np.array([right for _, right in answers])


def test_the_reliability_table() -> None:
    rows = reliability(SURE, RIGHT)
    assert [(row.low, row.high, row.questions, row.right) for row in rows] == [
        (0.2, 0.3, 1, 0.0),
        (0.8, 0.9, 2, 0.5),
        (0.9, 1.0, 1, 1.0),
    ]
    assert [row.confidence for row in rows] == pytest.approx([0.25, 0.85, 0.95])


def test_expected_calibration_error() -> None:
    # one bin each: 1 × |.95 - 1|, 2 × |.85 - .5|, 1 × |.25 - 0|, of four
    assert expected_calibration_error(SURE, RIGHT) == pytest.approx((0.05 + 0.7 + 0.25) / 4)


def test_brier() -> None:
    assert brier(SURE, RIGHT) == pytest.approx((0.05**2 + 0.85**2 + 0.15**2 + 0.25**2) / 4)


def test_the_ends_of_the_scale_have_their_bins() -> None:
    assert reliability(np.array([0.0, 1.0]), np.array([False, True])) == (
        Bin(0.0, 0.1, 1, 0, 0),
        Bin(0.9, 1.0, 1, 1, 1),
    )
    assert expected_calibration_error(np.array([0.0, 1.0]), np.array([False, True])) == 0


def test_ties_count_half() -> None:
    # .9 beats both; .5 ties with one and beats the other: 3.5 of 4
    assert auroc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])) == 0.875
    assert auroc(np.full(6, 0.3), np.arange(6) < 2) == 0.5


def test_without_questions_there_is_no_figure() -> None:
    none, nobody = np.array([]), np.array([], dtype=bool)
    for figure in (auroc(none, nobody), brier(none, nobody), expected_calibration_error(none, nobody)):
        assert math.isnan(figure)
    assert math.isnan(auroc(SURE, np.full(4, True))), "nothing to be told from"


@EVERY_TIME_THE_SAME
@given(ANSWERS)
def test_no_bin_is_further_off_than_its_questions(answers: list[tuple[float, bool]]) -> None:
    sure, right = columns(answers)
    assert 0 <= expected_calibration_error(sure, right) <= math.sqrt(brier(sure, right)) + 1e-9
    assert sum(row.questions for row in reliability(sure, right)) == len(answers)


@EVERY_TIME_THE_SAME
@given(ANSWERS)
def test_auroc_counts_pairs(answers: list[tuple[float, bool]]) -> None:
    sure, positive = columns(answers)
    pairs = [(a > b) + (a == b) / 2 for a in sure[positive] for b in sure[~positive]]
    if pairs:
        assert auroc(sure, positive) == pytest.approx(sum(pairs) / len(pairs))
        assert auroc(sure, ~positive) == pytest.approx(1 - auroc(sure, positive))
