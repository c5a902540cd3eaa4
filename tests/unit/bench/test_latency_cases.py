"""What the caller of the latency bench says, to whom it is compared, and what counts as one turn."""

import pytest
from bench.latency.call import Heard
from bench.latency.cases import KINDS, Case, Kind, calls
from bench.latency.outcome import caller_turns, case_outcome
from bench.latency.script import NOTHING_KNOWN, PAUSED, QUESTIONS, answer_to
from bench.latency.side import Turn

PAUSED_CASE = Case("pause", PAUSED[0], pause_s=0.5)


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
    assert {case.kind for case in cases if case.over} == {"takes_turn", "backchannel"}
    assert len({case.over for case in cases if case.over}) == 8
    assert {case.pause_s for case in cases if case.kind == "pause"} == {0.4, 0.5, 0.6}


def test_only_the_kinds_that_were_wanted() -> None:
    wanted: tuple[Kind, ...] = ("question",)
    assert {case.kind for call in calls(16, wanted) for case in call} == {"question"}


def test_a_paused_question_has_words_on_both_sides_of_its_pause() -> None:
    for question in PAUSED:
        assert question.text.startswith(f"{question.pause_after} ")


def test_the_peers_mind_knows_a_question_that_was_misheard_a_little_and_none_by_its_half() -> None:
    for question in (*QUESTIONS, *PAUSED):
        assert answer_to(question.text) == question.answer
    assert answer_to("How do I reset my past word, please?") == QUESTIONS[0].answer
    for question in PAUSED:
        rest = question.text.removeprefix(question.pause_after)
        assert answer_to(question.pause_after) == answer_to(rest) == NOTHING_KNOWN
    assert answer_to("Wait, I have another question.") == NOTHING_KNOWN


def turns(*said: str) -> list[Turn]:
    """The caller's are words; the assistant's "-", or nothing where it was stopped before it said anything."""
    return [Turn(0.0, "assistant" if text in ("-", "") else "caller", text) for text in said]


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ((), []),
        (("one", "-"), ["one"]),
        (("one", "two", "-"), ["one two"]),
        (("one", "-", "two", "-"), ["one", "two"]),
        (("-", "one"), ["one"]),
        (("one", "", "two"), ["one two"]),
    ],
)
def test_what_is_said_without_an_answer_between_is_one_turn(said: tuple[str, ...], taken: list[str]) -> None:
    assert caller_turns(turns(*said)) == taken


@pytest.mark.parametrize("said", [("I would like to know.",), ("I would like to know", "-", "how I can delete")])
def test_a_question_of_which_a_part_is_missing_is_not_taken_as_one(said: tuple[str, ...]) -> None:
    assert not case_outcome(Heard(PAUSED_CASE, -1.0, 1.0), turns(*said)).whole


@pytest.mark.parametrize("said", [(PAUSED[0].text,), ("I'd like to know,", "how I can delete my account.", "-")])
def test_parts_that_are_joined_are_one_turn(said: tuple[str, ...]) -> None:
    assert case_outcome(Heard(PAUSED_CASE, -1.0, 1.0), turns(*said)).whole


def test_only_turns_during_the_case_are_of_it() -> None:
    later = Turn(5.0, "assistant", "So.", interrupted=True, parts_ms={"mind_ms": 3.0})
    assert not case_outcome(Heard(PAUSED_CASE, -1.0, 1.0), [later]).abandoned
    outcome = case_outcome(Heard(PAUSED_CASE, 4.0, 6.0), [later])
    assert outcome.abandoned
    assert (outcome.answer, outcome.parts_ms) == ("So.", {"mind_ms": 3.0})
