"""The demo judges: an answer from the wrong article, or one that should not exist, is said to be missing."""

import pytest

from insta_voice.demo.conversation import Question, load_conversation, shortcomings

RESET = {"article_id": "1", "title": "Reset your password", "url": "/help/1", "quote": "We send you a link."}


def test_an_expected_answer_has_no_shortcoming() -> None:
    question = Question(say="…", sources=("Reset your password",), heard=("link",))
    assert shortcomings(question, "We send you a link.", (RESET,)) == []


def test_another_article_is_not_accepted() -> None:
    question = Question(say="…", sources=("Change your password",))
    assert shortcomings(question, "We send you a link.", (RESET,)) == [
        "the source “Change your password” was not shown"
    ]


def test_each_part_of_a_two_part_question_needs_its_source() -> None:
    question = Question(say="…", sources=("Reset your password", "Invite people"))
    assert len(shortcomings(question, "", (RESET,))) == 1


def test_a_source_for_what_it_cannot_know_is_a_shortcoming() -> None:
    [missing] = shortcomings(Question(say="…", unknown=True), "We send you a link.", (RESET,))
    assert "Reset your password" in missing


@pytest.mark.parametrize(("answer", "missing"), [("twelve dollars", 0), ("$12", 0), ("free", 1)])
def test_of_alternatives_one_is_enough(answer: str, missing: int) -> None:
    assert len(shortcomings(Question(say="…", heard=("12|Twelve",)), answer, ())) == missing


def test_the_conversation_covers_what_the_demo_promises() -> None:
    first, second = load_conversation().calls
    assert len(first.turns) == 10
    assert any(len(question.sources) == 2 for question in first.turns)
    assert any(question.unknown and "?" in question.heard for question in first.turns), "asked back"
    assert any(question.unknown and "?" not in question.heard for question in first.turns), "not known"
    assert second.greeting
