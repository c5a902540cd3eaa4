"""The confidence is a probability and rises with every figure it is made of."""

import random
from dataclasses import fields, replace

import pytest

from insta_voice.knowledge.confidence import Signals, confidence, signals_of
from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.hits import Hit

FIGURES = [field.name for field in fields(Signals)]


@pytest.mark.parametrize("figure", FIGURES)
def test_a_better_figure_never_makes_it_less_sure(figure: str) -> None:
    chance = random.Random(7)
    for _ in range(200):
        base = Signals(**{name: chance.random() for name in FIGURES})
        values = sorted(chance.random() for _ in range(5))
        sure = [confidence(replace(base, **{figure: value})) for value in values]
        assert sure == sorted(sure)
        assert sure[-1] > sure[0]
        assert all(0 <= value <= 1 for value in sure)


def test_nothing_found_is_no_answer_and_everything_is_one() -> None:
    assert confidence(Signals()) < 0.1
    assert confidence(Signals(1, 0.3, 1, 1, 0.5)) > 0.9


def found(*scores: tuple[str, float]) -> list[Hit]:
    """The hits of a search, of these articles with these scores."""
    return [
        Hit(Passage(number, article, None, 1, "", "", "", "", score, ()), 0.5, 0.5, 0.5, 1.0)
        for number, (article, score) in enumerate(scores)
    ]


def test_what_does_not_stand_out_counts_as_little_as_what_is_one_of_many() -> None:
    one_of_many, behind = ([replace(hit, ahead=ahead) for hit in found(("a", 0.5))] for ahead in (0.0, -0.2))
    assert signals_of(behind) == signals_of(one_of_many)


def test_an_article_is_ahead_of_the_next_three_and_not_of_its_own_passages() -> None:
    hits = found(("a", 0.9), ("a", 0.8), ("b", 0.6), ("c", 0.5), ("b", 0.45), ("d", 0.4), ("e", 0.1))
    assert signals_of(hits).margin == pytest.approx(0.9 - (0.6 + 0.5 + 0.4) / 3)


def test_a_second_article_about_the_same_leaves_it_surer_than_a_crowd_of_them() -> None:
    two = found(("a", 0.8), ("b", 0.78), ("c", 0.4), ("d", 0.4))
    crowd = found(("a", 0.8), ("b", 0.78), ("c", 0.77), ("d", 0.76))
    assert confidence(signals_of(two)) > confidence(signals_of(crowd))


def test_the_only_article_is_ahead_by_its_whole_score() -> None:
    assert signals_of(found(("a", 0.7))).margin == pytest.approx(0.7)
    assert signals_of([]) == Signals()
