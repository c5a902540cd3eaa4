"""Recall, nDCG and reciprocal rank of one question, by hand and by what must hold for any."""

import math

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insta_voice.knowledge.measuring.ranking import ndcg, recall, reciprocal_rank

EVERY_TIME_THE_SAME = hypothesis.settings(derandomize=True, database=None, deadline=None)
GRADED = st.dictionaries(st.sampled_from("abcdefghijkl"), st.floats(0.5, 4), min_size=1)
RANKING = st.permutations("abcdefghijklmno")


def test_ndcg_with_grades() -> None:
    # gained 3/log2(2) + 0 + 2/log2(4) = 4; at best 3/1 + 2/log2(3) + 1/log2(4) = 4.7619
    assert ndcg(["best", "none", "good"], {"best": 3, "good": 2, "fair": 1}) == pytest.approx(4 / 4.76186, abs=1e-5)


def test_ndcg_of_equal_grades_knows_no_order_among_them() -> None:
    assert ndcg(["a", "b"], {"a": 1, "b": 1}) == ndcg(["b", "a"], {"a": 1, "b": 1}) == 1
    # the second of two: 1/log2(3) of 1 + 1/log2(3)
    assert ndcg(["x", "a"], {"a": 1, "b": 1}) == pytest.approx(0.63093 / 1.63093, abs=1e-5)


def test_ndcg_ends_at_its_depth() -> None:
    others = [f"x{number}" for number in range(10)]
    assert ndcg([*others, "a"], {"a": 1}) == 0
    assert ndcg([*others[:9], "a"], {"a": 1}) == pytest.approx(1 / math.log2(11))
    twelve = [f"a{number}" for number in range(12)]
    assert ndcg(twelve, dict.fromkeys(twelve, 1)) == 1, "ten places are all that can be filled"


def test_recall_is_a_share_of_all_that_answer() -> None:
    assert recall(["x", "a", "y", "b", "z", "c"], ["a", "b", "c"]) == pytest.approx(2 / 3)
    assert recall(["a"], ["a", "a"]) == 1


def test_reciprocal_rank_is_of_the_first() -> None:
    assert reciprocal_rank(["x", "y", "a", "b"], {"a", "b"}) == pytest.approx(1 / 3)


def test_nothing_found_is_nought() -> None:
    assert (recall([], ["a"]), ndcg([], {"a": 1}), reciprocal_rank([], ["a"])) == (0, 0, 0)


@EVERY_TIME_THE_SAME
@given(GRADED, RANKING)
def test_a_figure_lies_between_nought_and_one(grades: dict[str, float], ranking: list[str]) -> None:
    for figure in (ndcg(ranking, grades), recall(ranking, grades), reciprocal_rank(ranking, grades)):
        assert 0 <= figure <= 1 + 1e-9


@EVERY_TIME_THE_SAME
@given(GRADED)
def test_best_first_is_one(grades: dict[str, float]) -> None:
    ranking = sorted(grades, key=lambda article_id: -grades[article_id])
    assert ndcg(ranking, grades) == pytest.approx(1)
    assert reciprocal_rank(ranking, grades) == 1


@EVERY_TIME_THE_SAME
@given(GRADED, RANKING, st.integers(0, 13))
def test_moving_a_better_article_up_never_costs(grades: dict[str, float], ranking: list[str], place: int) -> None:
    here, behind = ranking[place : place + 2]
    if grades.get(here, 0) > grades.get(behind, 0):
        here, behind = behind, here
    worse = [*ranking[:place], here, behind, *ranking[place + 2 :]]
    better = [*ranking[:place], behind, here, *ranking[place + 2 :]]
    assert ndcg(better, grades) >= ndcg(worse, grades)
    assert recall(better, grades) >= recall(worse, grades)
    assert reciprocal_rank(better, grades) >= reciprocal_rank(worse, grades)
