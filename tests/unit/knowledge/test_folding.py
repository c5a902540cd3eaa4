"""What two articles say alike counts once, before anything is made of the scores; what only resembles it does not."""

from datetime import UTC, datetime
from itertools import count

import pytest

from insta_voice.knowledge.asking_back import choice_of
from insta_voice.knowledge.confidence import signals_of
from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.folding import folded, unfolded
from insta_voice.knowledge.hits import Hit

WORDS = [f"word{letter}{other}" for letter in "abcdefghij" for other in "klmno"]
TEXT = " ".join(WORDS)
OTHER = " ".join(reversed(WORDS))
CHUNK_IDS = count(1)


def hit(
    article: str,
    score: float,
    text: str = TEXT,
    *,
    title: str = "The handbook",
    heading: str = "",
    url: str | None = None,
    updated: int = 1,
) -> Hit:
    """A hit of an article that was changed on day `updated`."""
    own = Passage(next(CHUNK_IDS), article, None, 1, title, heading, url or f"/help/{article}", text, score, ())
    return Hit(own, 0.5, 0.5, 0.4, 0.6, 0.23, updated_at=datetime(2026, 11, updated, tzinfo=UTC))


def articles(hits: list[Hit]) -> list[str]:
    return [one.passage.article_id for one in hits]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.upper().replace(" ", ",\n "),
        f"1. {TEXT}",
        " ".join([*WORDS[:-1], "changed"]),
        TEXT.replace("wordcm ", ""),
        f"Page header {TEXT}",
    ],
)
def test_the_same_or_nearly_the_same_counts_once(text: str) -> None:
    first, second = hit("page", 0.8), hit("pdf", 0.7, text)
    [kept] = folded([first, second])
    assert kept.passage == first.passage
    assert unfolded([kept]) == [first, second]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"text": f"{TEXT} five seats"}, {"text": f"{TEXT} ten seats"}, id="numbers in words"),
        pytest.param({"text": f"you can {TEXT}"}, {"text": f"you cannot {TEXT}"}, id="a denial"),
        pytest.param({"text": f"20 {TEXT} 100"}, {"text": f"100 {TEXT} 20"}, id="numbers that changed places"),
        pytest.param({}, {"text": OTHER}, id="other words"),
        pytest.param(
            {}, {"text": " ".join([*WORDS[:20], "changed", *WORDS[21:40], "too", *WORDS[41:]])}, id="too many"
        ),
        pytest.param({"text": f"{TEXT} 20 GB"}, {"text": f"{TEXT} 100 GB"}, id="other numbers"),
        pytest.param(
            {"text": f"{TEXT} Slack", "title": "Connect Slack"},
            {"text": f"{TEXT} Trello", "title": "Connect Trello"},
            id="other subjects",
        ),
        pytest.param({"text": "Yes.", "title": "By card"}, {"text": "Yes.", "title": "By invoice"}, id="short"),
        pytest.param(
            {"text": "Yes.", "heading": "By card"}, {"text": "Yes.", "heading": "By cash"}, id="short, heading"
        ),
        pytest.param({}, {"article": "page"}, id="one article"),
    ],
)
def test_what_only_resembles_it_does_not(one: dict[str, str], other: dict[str, str]) -> None:
    hits = [hit(**{"article": "page", "score": 0.8, **one}), hit(**{"article": "pdf", "score": 0.7, **other})]  # type: ignore[arg-type]
    assert folded(hits) == hits


def test_a_few_words_are_the_same_under_the_same_titles() -> None:
    assert articles(folded([hit("page", 0.8, "Within a month."), hit("pdf", 0.8, "within a month")])) == ["page"]


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        (hit("old", 0.8), hit("new", 0.79, updated=2, url="https://help.example"), "old"),
        (hit("old", 0.8), hit("new", 0.8, updated=2), "new"),
        (hit("new", 0.8, updated=2), hit("old", 0.8), "new"),
        (hit("file", 0.8, updated=2), hit("page", 0.8, url="https://help.example"), "page"),
    ],
)
def test_the_best_stays_then_one_with_an_address_then_the_newer(first: Hit, second: Hit, stays: str) -> None:
    assert articles(folded([first, second])) == [stays]


def test_of_two_articles_the_same_one_stays_throughout() -> None:
    hits = [
        hit("page", 0.8),
        hit("pdf", 0.79),
        hit("pdf", 0.75, OTHER),
        hit("else", 0.745, "-"),
        hit("page", 0.74, OTHER),
    ]
    kept = folded(hits)
    assert [(one.passage.article_id, one.passage.score) for one in kept] == [
        ("page", 0.8),
        ("else", 0.745),
        ("page", 0.74),
    ]
    assert unfolded(kept) == hits


def test_a_twin_takes_nothing_from_the_lead_of_the_best() -> None:
    best, twin = hit("page", 0.8), hit("pdf", 0.79)
    others = [hit("else", 0.5, "Other words."), hit("more", 0.4, "More words.")]
    assert signals_of(folded([best, twin, *others])) == signals_of([best, *others])
    assert signals_of([best, twin, *others]).margin < signals_of([best, *others]).margin


def test_nobody_is_asked_to_choose_between_twins() -> None:
    hits = [hit("page", 0.36), hit("pdf", 0.35, title="Handbook.pdf"), hit("else", 0.3, "-"), hit("more", 0.3, "+")]
    asked = choice_of("how do I change it", hits, 0.6)
    assert asked is not None, "without folding they are two"
    assert choice_of("how do I change it", folded(hits)[:1], 0.6) is None
    choice = choice_of("how do I change it", folded(hits), 0.6)
    assert choice is None or choice.candidates[1].article_id == "else"
