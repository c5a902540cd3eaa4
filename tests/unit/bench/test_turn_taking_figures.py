"""Shares, scores and lost words: what the turn-taking tables are counted with."""

import pytest
from bench.turn_taking.curve import scaled
from bench.turn_taking.figures import eva_score, percentile, wilson
from bench.turn_taking.words import begins_with, is_whole, lost

from insta_voice.agent.turns.pacing import Pacing


@pytest.mark.parametrize(
    ("count", "of", "interval"),
    [(0, 10, (0.0, 0.2775)), (5, 10, (0.2366, 0.7634)), (10, 10, (0.7225, 1.0)), (0, 0, (0.0, 1.0))],
)
def test_a_share_comes_with_wilsons_interval(count: int, of: int, interval: tuple[float, float]) -> None:
    assert wilson(count, of) == pytest.approx(interval, abs=1e-4)


@pytest.mark.parametrize(
    ("latency_s", "score"),
    [
        (-0.6, 0),
        (-0.5, 0),
        (-0.25, 0.25),
        (0, 0.5),
        (0.25, 0.75),
        (0.5, 1),
        (2, 1),
        (2.75, 0.5),
        (3.5, 0),
        (9, 0),
        (None, 0),
    ],
)
def test_evas_curve_wants_an_answer_after_half_a_second_to_two(latency_s: float | None, score: float) -> None:
    assert eva_score(latency_s) == pytest.approx(score)


def test_there_is_no_median_of_nothing() -> None:
    assert percentile([], 50) is None
    assert percentile([1.0, 2.0, 9.0], 50) == 2.0


@pytest.mark.parametrize(
    ("said", "understood", "count"),
    [
        ("How do I add a seat?", "how do i add a seat", 0),
        ("How do I add a seat?", "How do I ad a sheet?", 0),  # misheard is not lost
        ("How do I add a seat?", "add a seat", 3),
        ("How do I add a seat?", "How do I", 3),
        ("How do I add a seat?", "", 6),
        ("a tax number on my invoice", "my invoice please", 4),
        ("We have, um, thirty people.", "We have thirty people", 0),
        ("Four two seven, nine one three.", "427 913", 0),
        ("Four two seven, nine one three.", "913", 3),
        ("Twenty-five.", "25.", 0),
        ("Single sign-on", "single sign on", 0),
        ("I have seats", "I really do have many more seats", 0),  # nor is what was added
    ],
)
def test_words_without_anything_in_their_place_are_lost(said: str, understood: str, count: int) -> None:
    assert lost(said, understood) == count


@pytest.mark.parametrize(
    ("said", "understood", "whole"),
    [
        ("Yes.", "", False),
        ("Yes.", "Yes", True),
        ("By email.", "email", False),
        ("How do I add a seat?", "How do I add seat?", True),
        ("How do I add a seat?", "How do I add", False),
        ("What happens if I remove somebody?", "if I remove somebody", False),
        ("Can I get a refund for the seat we never used?", "for the seat we never used", False),
    ],
)
def test_a_turn_is_whole_when_no_part_of_it_is_gone(said: str, understood: str, whole: bool) -> None:
    assert is_whole(said, understood) is whole


@pytest.mark.parametrize(
    ("understood", "part", "does"),
    [
        ("How do I add a seat?", "How do I.", True),
        ("If I cancel today, do I get it back?", "If I cancelled to-day", True),
        ("for the seat we never used", "Can I get a refund?", False),
        ("add a seat", "How do I", False),
        ("2 9 1, 5 7 8", "It's 273.", False),
    ],
)
def test_a_part_that_was_joined_is_the_beginning_of_the_turn(understood: str, part: str, does: bool) -> None:
    assert begins_with(understood, part) is does


def test_the_pacing_is_scaled_in_its_seconds_alone() -> None:
    usual, doubled = Pacing(), scaled(2.0)
    assert doubled.complete_s == pytest.approx(2 * usual.complete_s)
    assert doubled.unfinished_s == pytest.approx(2 * usual.unfinished_s)
    assert doubled.over_probability == usual.over_probability
