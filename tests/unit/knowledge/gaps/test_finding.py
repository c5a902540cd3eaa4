"""What was asked in vain in a call: every cause, and what is none."""

from collections.abc import Sequence

import pytest

from insta_voice.knowledge.evidence import BY_WORDS
from insta_voice.knowledge.gaps.finding import Answer, Asked, Searched, in_vain, questions_of

SHOES, RINGS, HATS = "Do you sell shoes?", "Do you sell rings?", "Do you sell hats?"


def answer(kind: str, *searches: Searched) -> Answer:
    return Answer(0, kind, searches)


def knows(question: str, index: str = "a-model") -> Searched:
    return Searched(question, question, 0.9, True, index)


def knows_not(question: str, index: str = "a-model") -> Searched:
    return Searched(question, question, 0.1, False, index)


def found(*answers: Answer, solved: bool | None = None, alike: Sequence[set[str]] = ()) -> dict[str, set[str]]:
    """Each question in vain with its causes; the questions of one set in `alike` mean the same."""
    numbered = [Answer(number, one.kind, one.searches) for number, one in enumerate(answers)]
    asked = questions_of(numbered)

    def mean_the_same(one: Asked, other: Asked) -> bool:
        return one.question == other.question or any({one.question, other.question} <= same for same in alike)

    causes = in_vain(numbered, asked, solved=solved, alike=mean_the_same)
    return {one.question: set(why) for one, why in causes.items()}


def test_what_was_answered_was_not_in_vain() -> None:
    assert found(answer("answer", knows(SHOES)), answer("thanks"), answer("goodbye")) == {}
    assert found() == {}


def test_what_nothing_answers_is_in_vain() -> None:
    assert found(answer("unknown", knows_not(SHOES))) == {SHOES: {"no_answer"}}


def test_of_two_parts_it_is_the_one_that_nothing_answers() -> None:
    assert found(answer("answer", knows(SHOES), knows_not(RINGS))) == {RINGS: {"no_answer"}}
    assert found(answer("account", knows_not(RINGS))) == {RINGS: {"no_answer"}}


def test_what_was_found_and_did_not_answer_is_in_vain() -> None:
    """As when nothing was left of a language model's answer, or no sentence of the article says it."""
    assert found(answer("unknown", knows(SHOES))) == {SHOES: {"no_answer"}}


NO_QUESTION = ["greeting", "thanks", "goodbye", "noise", "silence", "repeat", "slower", "filler", "apology"]


@pytest.mark.parametrize("kind", [*NO_QUESTION, "handover", "ticket"])
def test_small_talk_fillers_and_goodbyes_are_no_questions(kind: str) -> None:
    assert found(answer(kind, knows_not("How are you?"))) == {}


def test_a_question_that_was_asked_back_counts_by_what_came_of_it() -> None:
    """Of any other `clarify` the record keeps no search (agent/record/reply.py)."""
    asked_back = answer("clarify", knows_not(SHOES))
    assert found(asked_back, answer("answer", knows(SHOES))) == {}
    assert found(asked_back, answer("unknown", knows_not(SHOES))) == {SHOES: {"no_answer"}}
    assert found(answer("clarify")) == {}


def test_a_question_that_was_asked_back_and_never_decided_was_in_vain() -> None:
    asked_back = answer("clarify", knows_not(SHOES))
    assert found(asked_back, answer("goodbye")) == {SHOES: {"no_answer"}}
    assert found(answer("clarify", knows(SHOES)), answer("goodbye")) == {SHOES: {"no_answer"}}, "it did not say which"
    assert found(asked_back, answer("unknown", knows_not(RINGS))) == {SHOES: {"no_answer"}, RINGS: {"no_answer"}}
    assert found(asked_back, answer("answer", knows(RINGS)), alike=[{SHOES, RINGS}]) == {}, "in other words it was"
    assert found(answer("answer", knows(RINGS)), asked_back, answer("handover")) == {SHOES: {"no_answer", "person"}}


def test_what_only_the_account_knows_is_no_gap_of_the_articles() -> None:
    """The record keeps no search of it (agent/record/sources.py)."""
    assert found(answer("unknown"), answer("account"), solved=False) == {}


def test_a_search_by_words_alone_says_nothing_about_the_articles() -> None:
    assert found(answer("unknown", knows_not(SHOES, BY_WORDS))) == {}
    assert found(answer("answer", knows(SHOES, BY_WORDS)), solved=False) == {SHOES: {"not_solved"}}
    assert found(answer("unknown", knows_not(SHOES, ""))) == {SHOES: {"no_answer"}}, "there is nothing to find at all"


def test_a_person_asked_for_next_says_that_it_was_in_vain() -> None:
    assert found(answer("answer", knows(SHOES)), answer("handover")) == {SHOES: {"person"}}
    assert found(answer("unknown", knows_not(SHOES)), answer("ticket")) == {SHOES: {"no_answer", "person"}}
    between = [answer("repeat"), answer("filler"), answer("clarify")]
    assert found(answer("answer", knows(SHOES)), *between, answer("handover")) == {SHOES: {"person"}}


def test_a_person_asked_for_says_nothing_of_what_came_before_the_last_question() -> None:
    asked = [answer("answer", knows(SHOES)), answer("answer", knows(RINGS)), answer("handover")]
    assert found(*asked) == {RINGS: {"person"}}
    assert found(answer("answer", knows(SHOES)), answer("account"), answer("handover")) == {}
    assert found(answer("answer", knows(SHOES), knows_not(RINGS)), answer("handover")) == {
        RINGS: {"no_answer", "person"}
    }


@pytest.mark.parametrize("kind", ["thanks", "greeting"])
def test_who_is_content_wants_a_person_for_something_else(kind: str) -> None:
    assert found(answer("answer", knows(SHOES)), answer(kind), answer("handover")) == {}
    assert found(answer("handover")) == {}


def test_what_is_asked_again_after_an_answer_was_in_vain() -> None:
    again = "Shoes, I mean."
    asked = [answer("answer", knows(SHOES)), answer("answer", knows(RINGS)), answer("answer", knows(again))]
    assert found(*asked) == {}
    assert found(*asked, alike=[{SHOES, again}]) == {again: {"repeated"}}
    twice = "Shoes!"
    unknown = [answer("unknown", knows_not(SHOES)), answer("unknown", knows_not(twice))]
    assert found(*unknown, alike=[{SHOES, twice}]) == {SHOES: {"no_answer"}, twice: {"no_answer", "repeated"}}


def test_two_parts_of_one_question_are_not_asked_again() -> None:
    assert found(answer("answer", knows(SHOES), knows(RINGS)), alike=[{SHOES, RINGS}]) == {}


def test_what_is_answered_in_other_words_was_not_in_vain() -> None:
    """As after a word that was misheard."""
    misheard = "Do you sell shows?"
    asked = [answer("unknown", knows_not(misheard)), answer("answer", knows(SHOES))]
    assert found(*asked) == {misheard: {"no_answer"}}
    assert found(*asked, alike=[{misheard, SHOES}]) == {}


def test_a_call_that_solved_nothing_blames_what_was_in_vain_anyway() -> None:
    asked = [answer("answer", knows(SHOES)), answer("unknown", knows_not(RINGS)), answer("answer", knows(HATS))]
    assert found(*asked, solved=False) == {RINGS: {"no_answer", "not_solved"}}
    assert found(*asked, solved=True) == found(*asked) == {RINGS: {"no_answer"}}


def test_else_it_blames_everything_that_was_asked() -> None:
    asked = [answer("answer", knows(SHOES)), answer("answer", knows(RINGS))]
    assert found(*asked, solved=False) == {SHOES: {"not_solved"}, RINGS: {"not_solved"}}
    assert found(*asked, solved=True) == {}


EXPORT, PRICE = "How do I export?", "how much does that cost?"
ON_EXPORT, ON_TEAM = f"{EXPORT} {PRICE}", f"{EXPORT} What about the team plan? {PRICE}"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ON_EXPORT, ON_TEAM, False),
        (ON_EXPORT, f"What about the team plan? {PRICE}", False),
        (ON_EXPORT, f"{EXPORT} And {PRICE} {PRICE}", True),
        (ON_EXPORT, PRICE, True),
        (PRICE, PRICE, True),
    ],
    ids=["further on", "another subject", "the same again", "searched alone", "both alone"],
)
def test_what_hangs_on_something_else_is_another_question(one: str, other: str, same: bool) -> None:
    earlier, later = Asked(2, 0, PRICE, one, False), Asked(8, 0, PRICE, other, True)
    assert earlier.is_of_the_same(later) is later.is_of_the_same(earlier) is same
