"""What the caller of the latency bench says, to whom it is compared, and what counts as one turn."""

from collections import Counter

import pytest
from bench.latency.cases import KINDS, Case, calls
from bench.latency.outcome import caller_turns
from bench.latency.script import NOTHING_KNOWN, PAUSED, QUESTIONS, answer_to
from bench.latency.side import Turn


@pytest.mark.parametrize("turns", [1, 7, 24, 40])
def test_as_many_questions_are_asked_as_were_wanted(turns: int) -> None:
    planned = calls(turns)
    assert sum(case.kind != "pause" for call in planned for case in call) == turns
    assert planned == calls(turns)
    for call in planned:
        asked = [case.question for case in call]
        assert len(set(asked)) == len(asked)


def test_every_kind_comes_with_all_that_is_said_over_answers() -> None:
    cases = [case for call in calls(40) for case in call]
    assert {case.kind for case in cases} == {*KINDS}
    assert Counter(bool(case.over) for case in cases if case.kind in ("question", "pause")) == {False: 30}
    assert len({case.over for case in cases if case.over}) == 8
    assert {case.pause_s for case in cases if case.kind == "pause"} == {0.4, 0.5, 0.6}


def test_only_the_kinds_that_were_wanted() -> None:
    assert {case.kind for call in calls(16, ("question",)) for case in call} == {"question"}


def test_a_paused_question_has_words_on_both_sides_of_its_pause() -> None:
    for question in PAUSED:
        assert question.text.startswith(f"{question.pause_after} ")


def test_the_peers_mind_knows_a_question_that_was_misheard_a_little_and_none_by_its_half() -> None:
    for question in (*QUESTIONS, *PAUSED):
        assert answer_to(question.text) == question.answer
    assert answer_to("How do I reset my past word") == QUESTIONS[0].answer
    for question in PAUSED:
        assert answer_to(question.pause_after) == NOTHING_KNOWN
    assert answer_to("Wait, I have another question.") == NOTHING_KNOWN


def turn(speaker: str) -> Turn:
    return Turn(0.0, "caller" if speaker == "c" else "assistant", "…")


@pytest.mark.parametrize(("speakers", "turns"), [("", 0), ("ca", 1), ("cca", 1), ("caca", 2), ("aca", 1)])
def test_what_is_said_without_an_answer_between_is_one_turn(speakers: str, turns: int) -> None:
    assert caller_turns([turn(speaker) for speaker in speakers]) == turns


def test_a_case_is_what_is_said() -> None:
    """Utterances are looked up by it."""
    assert Case("question", QUESTIONS[0]) == Case("question", QUESTIONS[0])
