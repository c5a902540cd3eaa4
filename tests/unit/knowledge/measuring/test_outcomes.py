"""What came of six questions, counted by hand: measures, thresholds, and which went most wrong."""

import pytest
from tests.support.measured import asked

from insta_voice.knowledge.measuring import MEASURES, worst
from insta_voice.knowledge.measuring.outcomes import outcomes
from insta_voice.knowledge.measuring.thresholds import by_threshold

SIX = [
    asked(["a"], ["a", "b"], 0.9, line=1, took_ms=10, search_ms=5),  # right
    asked({"a": 2, "c": 1}, ["b", "a", "c"], 0.7, line=2, took_ms=20, search_ms=6),  # answered from another article
    asked(["a"], ["a"], 0.4, line=3, took_ms=30, search_ms=7),  # refused, though the first is right
    asked(["a"], [], 0.0, line=4, took_ms=40, search_ms=8),  # nothing found
    asked([], ["b"], 0.8, line=5, took_ms=50, search_ms=9),  # answered, though nothing answers it
    asked([], ["b"], 0.1, line=6, took_ms=60, search_ms=10),  # rightly refused
]


def figure(name: str) -> float:
    return MEASURES[name].of(outcomes(SIX, 0.5))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("recall_at_5", (1 + 1 + 1 + 0) / 4),
        # the second question: 2/log2(3) + 1/log2(4) of 2 + 1/log2(3)
        ("ndcg_at_10", (1 + (1.26186 + 0.5) / 2.63093 + 1 + 0) / 4),
        ("mrr", (1 + 1 / 2 + 1 + 0) / 4),
        ("answered", 3 / 6),
        ("right", 1 / 6),
        ("wrong_article", 1 / 6),
        ("false_answers", 1 / 2),
        ("false_refusals", 2 / 4),
        # .9 beats .8 and .1; .7 and .4 beat .1; 0 beats none
        ("auroc", 4 / 8),
        # each in a bin of its own; the third was right all the same
        ("ece", (0.1 + 0.7 + 0.6 + 0 + 0.8 + 0.1) / 6),
        ("brier", (0.01 + 0.49 + 0.36 + 0 + 0.64 + 0.01) / 6),
        ("latency_p50_ms", 35),
        ("latency_p95_ms", 57.5),
        ("search_p50_ms", 7.5),
        ("search_p95_ms", 9.75),
    ],
)
def test_a_measure_by_hand(name: str, expected: float) -> None:
    assert figure(name) == pytest.approx(expected, abs=1e-5)


def test_every_measure_is_checked_by_hand() -> None:
    (mark,) = test_a_measure_by_hand.pytestmark  # type: ignore[attr-defined]
    assert [name for name, _ in mark.args[1]] == list(MEASURES)


def test_as_sure_as_the_threshold_is_answered() -> None:
    assert outcomes(SIX, 0.7).answered.tolist() == [True, True, False, False, True, False]
    assert not outcomes(SIX, 0.0).answered[3], "nothing was found: there is nothing to say"


def test_each_threshold_costs_and_brings() -> None:
    rows = {row.threshold: row for row in by_threshold(SIX, 0.85)}
    assert list(rows) == [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9]
    low, high = rows[0.3], rows[0.85]
    assert (low.answered, low.right, low.wrong_article) == (4 / 6, 2 / 6, 1 / 6)
    assert (low.false_answers, low.false_refusals) == (1 / 2, 1 / 4)
    assert (high.answered, high.right, high.wrong_article) == (1 / 6, 1 / 6, 0)
    assert (high.false_answers, high.false_refusals) == (0, 3 / 4)


def test_wrong_answers_are_worse_than_none() -> None:
    wrong = worst(SIX, 0.5, 10)
    assert [(one.question.id, one.fault) for one in wrong] == [
        ("q5", "false answer"),  # surer than
        ("q2", "wrong article"),
        ("q4", "false refusal"),  # less sure than
        ("q3", "false refusal"),
    ]
    assert wrong[1].places == {"a": 2, "c": 3}
    assert wrong[2].places == {"a": None}
    assert [article.article_id for article in wrong[1].found] == ["b", "a", "c"]
    assert worst(SIX, 0.5, 1) == wrong[:1]
    assert worst(SIX, 0.5, 0) == ()
