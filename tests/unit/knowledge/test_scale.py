"""Cosines of a model whose scale is another than the local one's."""

from datetime import UTC, datetime

import pytest

from insta_voice.knowledge import Index
from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.knowledge.scale import LOCAL_SCALE, Scale, lead_on_local_scale, on_local_scale

LOCAL = Scale(related=0.6, unrelated=0.1)


def index(model: str, related: float | None, unrelated: float | None) -> Index:
    return Index(model, 1, "in use", datetime.now(UTC), related, unrelated)


def test_the_local_model_is_taken_as_it_is() -> None:
    assert on_local_scale(0.7, index(LOCAL_MODEL, 0.9, 0.8), LOCAL) == 0.7


def test_a_model_to_which_all_texts_are_near_is_not_sure_of_them() -> None:
    crowded = index("crowded", 0.9, 0.7)
    assert on_local_scale(0.7, crowded, LOCAL) == pytest.approx(0.1)
    assert on_local_scale(0.9, crowded, LOCAL) == pytest.approx(0.6)


def test_a_model_is_never_taken_for_surer_than_it_is() -> None:
    """What was fitted with questions is the local model's; of others it is not known that far."""
    assert on_local_scale(0.4, index("wide", 0.4, 0.0), LOCAL) == 0.4


def test_a_model_that_tells_nothing_apart_is_never_sure() -> None:
    assert on_local_scale(0.99, index("blunt", 0.80, 0.79), LOCAL) == LOCAL.unrelated


def test_what_is_not_measured_yet_is_taken_as_it_is() -> None:
    assert on_local_scale(0.5, index("new", None, None), LOCAL) == 0.5
    assert lead_on_local_scale(0.2, index("new", None, None), LOCAL) == 0.2


def test_a_lead_counts_in_steps_of_its_own_model_and_never_for_more() -> None:
    assert lead_on_local_scale(0.2, index(LOCAL_MODEL, 0.9, 0.8), LOCAL) == 0.2
    assert lead_on_local_scale(0.2, index("wide", 1.0, 0.0), LOCAL) == pytest.approx(0.1)
    assert lead_on_local_scale(0.1, index("crowded", 0.9, 0.7), LOCAL) == 0.1
    assert lead_on_local_scale(0.1, index("blunt", 0.80, 0.79), LOCAL) == 0.0


def test_the_scale_that_stands_for_the_local_one_is_one() -> None:
    assert 0 <= LOCAL_SCALE.unrelated < LOCAL_SCALE.related <= 1
