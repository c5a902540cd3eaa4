"""The confidence is a probability and rises with every figure it is made of."""

import random
from dataclasses import fields, replace

import pytest

from insta_voice.knowledge.confidence import Signals, confidence

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
    assert confidence(Signals(1, 1, 0.3, 1)) > 0.9
