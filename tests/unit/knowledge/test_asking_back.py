"""The caller is asked which of two they mean only where each of the two is plausible, and neither is sure."""

from insta_voice.knowledge.asking_back import choice_of
from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.hits import Hit

GATE = 0.5
# With these figures it is .498 that articles of .36, .34, .3 and .3 answer, and about as much for the first two alone.
FIGURES = {"cosine": 0.5, "sentence_cosine": 0.5, "lexical": 0.4, "known": 0.6, "ahead": 0.23}
LONG = "how do I change the address that the invoices of my workspace go to"


def hits(*scores: tuple[str, float], **figures: float) -> list[Hit]:
    """The hits of a search, of articles of these titles with these scores."""
    return [
        Hit(Passage(number, f"{title} {number}", None, 1, title, "", "", "", score, ()), **{**FIGURES, **figures})
        for number, (title, score) in enumerate(scores)
    ]


def titles(found: list[Hit], gate: float = GATE, question: str = "how do I change it") -> list[str]:
    choice = choice_of(question, found, gate)
    return [passage.title for passage in choice.candidates] if choice else []


def test_two_that_may_both_answer_are_asked_about_the_better_one_first() -> None:
    assert titles(hits(("Email", 0.36), ("Password", 0.34), ("Plans", 0.3), ("Seats", 0.3))) == ["Email", "Password"]


def test_what_is_sure_is_answered() -> None:
    found = hits(("Email", 0.36), ("Password", 0.34), ("Plans", 0.3), ("Seats", 0.3))
    assert titles(found, question=LONG) == ["Email", "Password"]
    assert titles(found, gate=0.2, question=LONG) == []


def test_a_question_that_says_too_little_to_tell_two_apart_is_asked_back_though_it_has_an_answer() -> None:
    found = hits(("Email", 0.36), ("Password", 0.34), ("Plans", 0.1), ("Seats", 0.1))
    assert titles(found, gate=0.2) == ["Email", "Password"]
    assert titles(hits(("Email", 0.36), ("Password", 0.29), ("Plans", 0.1), ("Seats", 0.1)), gate=0.2) == []
    assert titles(hits(("Email", 0.36), ("Password", 0.34), ("Plans", 0.1), ("Seats", 0.1), ahead=0.9)) == []


def test_what_fits_nothing_is_no_question_of_two() -> None:
    found = hits(("Email", 0.2), ("Password", 0.19), ("Plans", 0.1), ("Seats", 0.1), lexical=0.1, ahead=0.05)
    assert titles(found) == []


def test_a_second_that_is_far_behind_is_no_choice() -> None:
    found = hits(("Email", 0.3), ("Password", 0.1), ("Plans", 0.1), ("Seats", 0.1), lexical=0.1, ahead=0.05)
    assert titles(found) == []


def test_articles_of_one_title_are_one_to_a_caller() -> None:
    found = hits(("Email", 0.36), ("email ", 0.35), ("Password", 0.34), ("Plans", 0.3), ("Seats", 0.3))
    assert titles(found) == ["Email", "Password"]
    assert titles(hits(("Email", 0.36), ("Email", 0.35))) == []


def test_nothing_found_is_nothing_to_choose() -> None:
    assert titles([]) == []
