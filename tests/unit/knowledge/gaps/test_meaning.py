"""Which questions mean the same, by their cosine on the local model's scale."""

from datetime import UTC, datetime

import pytest

from insta_voice.knowledge import Index
from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.knowledge.gaps.meaning import Meaning, cosine


class Counting:
    """A model that counts what it is asked."""

    model, dimensions = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def embed(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        return [[float(len(text)), 0.0] for text in texts]


def meaning(model: str = LOCAL_MODEL, related: float | None = None, unrelated: float | None = None) -> Meaning:
    return Meaning(Index(model, 2, "in use", datetime.now(UTC), related, unrelated), Counting())


def test_asked_again_is_nearer_than_one_gap() -> None:
    nearer = meaning()
    assert [nearer.is_one_gap(at) for at in (0.49, 0.50, 0.71)] == [False, True, True]
    assert [nearer.is_asked_again(at) for at in (0.50, 0.69, 0.71)] == [False, False, True]


def test_a_model_to_which_all_texts_are_near_groups_no_more_than_the_local_one() -> None:
    crowded = meaning("crowded", related=0.9, unrelated=0.7)
    assert [crowded.is_one_gap(at) for at in (0.70, 0.80, 0.90)] == [False, False, True]


async def test_a_text_is_embedded_once_and_no_text_not_at_all() -> None:
    counted = meaning()
    assert await counted.vectors([]) == {}
    assert await counted.vectors(["a", "bb", "a"]) == {"a": [1.0, 0.0], "bb": [2.0, 0.0]}
    assert counted.embedder.asked == ["a", "bb"]  # type: ignore[attr-defined]


def test_the_cosine_of_unit_vectors() -> None:
    assert cosine([0.6, 0.8], [0.8, 0.6]) == pytest.approx(0.96)
