"""The interval of a difference: as wide as the luck of the questions, and of the same questions for both settings."""

import math
import random

import numpy as np
import pytest
from tests.support.measured import asked

from insta_voice.knowledge.measuring.bootstrap import differences
from insta_voice.knowledge.measuring.outcomes import outcomes

FIRST = ["a", "b"]
SECOND = ["b", "a"]


def test_the_same_twice_is_no_difference() -> None:
    once = outcomes([asked(["a"], FIRST, 0.8), asked([], SECOND, 0.3)], 0.5)
    for name, found in differences(once, once, draws=50).items():
        assert (found.difference, found.low, found.high, found.is_shown) == (0, 0, 0, False), name


def test_what_is_hard_for_both_cancels_out() -> None:
    """Questions differ widely in time, and the second setting takes 5 ms less for each."""
    draw = random.Random(1)
    times = [draw.uniform(10, 500) for _ in range(60)]
    first = outcomes([asked(["a"], FIRST, 0.8, took_ms=ms) for ms in times], 0.5)
    second = outcomes([asked(["a"], FIRST, 0.8, took_ms=ms - 5) for ms in times], 0.5)
    found = differences(first, second, draws=200)["latency_p50_ms"]
    assert (found.difference, found.low, found.high) == pytest.approx((-5, -5, -5))
    assert found.is_shown


def test_the_interval_is_as_wide_as_theory_has_it() -> None:
    """Of 400 questions a quarter lose half of their reciprocal rank: a mean and its standard error."""
    loses = np.arange(400) % 4 == 0
    first = outcomes([asked(["a"], FIRST, 0.8) for _ in loses], 0.5)
    second = outcomes([asked(["a"], SECOND if one else FIRST, 0.8) for one in loses], 0.5)
    found = differences(first, second)["mrr"]
    half_width = 1.96 * np.where(loses, -0.5, 0).std() / math.sqrt(400)
    assert found.difference == pytest.approx(-0.125)
    assert found.low == pytest.approx(-0.125 - half_width, abs=0.1 * half_width)
    assert found.high == pytest.approx(-0.125 + half_width, abs=0.1 * half_width)
    assert found.is_shown


def test_a_few_questions_show_nothing() -> None:
    first = outcomes([asked(["a"], FIRST, 0.8), asked(["a"], SECOND, 0.8), asked(["a"], FIRST, 0.8)], 0.5)
    second = outcomes([asked(["a"], FIRST, 0.8), asked(["a"], FIRST, 0.8), asked(["a"], FIRST, 0.8)], 0.5)
    found = differences(first, second, draws=500)["mrr"]
    assert found.difference > 0
    assert not found.is_shown


def test_what_a_file_has_no_question_for_is_left_out() -> None:
    """All have answers: no false answers, and nothing to tell them from."""
    one = outcomes([asked(["a"], FIRST, 0.8), asked(["a"], SECOND, 0.6)], 0.5)
    assert {"false_answers", "auroc"}.isdisjoint(differences(one, one, draws=10))


def test_one_question_without_an_answer_is_in_some_draws_only() -> None:
    first = outcomes([asked(["a"], FIRST, 0.8), asked(["a"], FIRST, 0.8), asked([], FIRST, 0.8)], 0.5)
    second = outcomes([asked(["a"], FIRST, 0.8), asked(["a"], FIRST, 0.8), asked([], FIRST, 0.2)], 0.5)
    found = differences(first, second, draws=50)["false_answers"]
    assert (found.difference, found.low, found.high) == (-1, -1, -1)
