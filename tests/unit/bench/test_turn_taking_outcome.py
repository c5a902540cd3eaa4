"""What became of a case, from the events of the engine and the answers they led to."""

from dataclasses import replace

import pytest
from bench.turn_taking.assistant import ANSWER_HEARD_AFTER_S, Answer, Assistant
from bench.turn_taking.case import Case
from bench.turn_taking.drive import Trace
from bench.turn_taking.outcome import Outcome, outcome
from bench.turn_taking.plan import FOR_EVER_S, Must, Plan

from insta_voice.agent.turns.ports import BargeIn, Ended, Event, Resumed

SAID = "How do I add a seat for a colleague?"


def _case(must: Must, text: str = SAID) -> Case:
    """Heard from 1 s to 4 s, in one of which they pause."""
    return Case(Plan("case-00", "case", "", must, "1", text), bytes(2), 1.0, 4.0, ((2.0, 3.0),))


def _became(case: Case, *events: tuple[float, Event]) -> Outcome:
    """With an assistant that does as the events say."""
    now = 0.0
    assistant = Assistant(lambda: now, 0.0)
    for now, event in events:  # noqa: B007  (the assistant's clock)
        assistant.take(event)
    return outcome(case, Trace(events=list(events), answers=assistant.answers))


def _ended(text: str) -> Ended:
    return Ended(text, text)


def test_one_turn_with_all_the_words_is_good() -> None:
    became = _became(_case(Must.END_ONCE), (4.4, _ended(SAID)))
    assert became.good
    assert became.wait_s == pytest.approx(0.4)
    assert became.answered_s == pytest.approx(0.4 + ANSWER_HEARD_AFTER_S)
    assert (became.false_ends, became.talked_into, became.halved) == (0, False, False)


def test_a_false_end_that_is_taken_back_in_time_is_counted_and_does_no_harm() -> None:
    became = _became(_case(Must.END_ONCE), (2.8, _ended("How do I")), (3.1, Resumed()), (4.4, _ended(SAID)))
    assert became.good
    assert (became.false_ends, became.resumed, became.talked_into, became.halved) == (1, 1, False, False)


def test_an_answer_that_begins_in_a_pause_talks_into_the_turn() -> None:
    became = _became(_case(Must.END_ONCE), (2.5, _ended("How do I")), (4.4, _ended("add a seat for a colleague?")))
    assert not became.good
    assert (became.false_ends, became.talked_into, became.halved) == (1, True, True)
    assert became.answered_s == pytest.approx(2.5 + ANSWER_HEARD_AFTER_S - 4.0)


def test_two_turns_of_what_was_one_are_halves_though_nothing_was_heard_between() -> None:
    parts = (3.8, _ended("How do I add")), (4.1, _ended("a seat for a colleague?"))
    became = _became(_case(Must.END_ONCE), *parts)
    assert not became.good
    assert not became.talked_into
    assert became.halved


def test_an_answer_in_a_pause_does_harm_though_all_the_words_are_answered_later() -> None:
    became = _became(_case(Must.END_ONCE), (2.5, _ended("How do I")), (4.4, _ended(SAID)))
    assert became.talked_into
    assert not became.halved
    assert not became.good


def test_words_that_are_swallowed_after_a_false_end_was_joined_are_lost_and_no_half() -> None:
    parts = (2.5, _ended("How do I add a seat")), (2.6, Resumed()), (4.4, _ended("How do I add a seat"))
    became = _became(_case(Must.END_ONCE), *parts)
    assert not became.good
    assert not became.halved
    assert not became.whole


def test_a_turn_that_never_ends_is_not_good() -> None:
    became = _became(_case(Must.END_ONCE))
    assert not became.good
    assert became.wait_s is None
    assert became.answered_s is None
    assert became.lost_words == 9


@pytest.mark.parametrize(("at_s", "good"), [(1.5, True), (2.9, True), (3.1, False)])
def test_an_interruption_silences_within_two_seconds_of_its_first_sound(at_s: float, good: bool) -> None:
    became = _became(_case(Must.INTERRUPT), (at_s, BargeIn("How")), (4.4, _ended(SAID)))
    assert became.good is good
    assert became.yielded is good
    assert became.barge_in_s == pytest.approx(at_s - 1.0)


@pytest.mark.parametrize("event", [BargeIn("hm"), _ended("hm")])
def test_what_is_to_be_let_pass_neither_silences_nor_is_a_turn(event: Event) -> None:
    assert _became(_case(Must.LET_BE, "Mm-hmm.")).good
    assert not _became(_case(Must.LET_BE, "Mm-hmm."), (2.0, event)).good


def test_a_noise_in_silence_is_no_turn() -> None:
    case = _case(Must.BE_NO_TURN, "")
    assert _became(case).good
    assert not _became(case, (5.0, _ended("you"))).good


def test_the_assistant_answers_what_has_ended_unless_the_caller_goes_on() -> None:
    now = 0.0
    assistant = Assistant(lambda: now, 0.0)
    assistant.take(_ended("a"))
    now = ANSWER_HEARD_AFTER_S - 0.1
    assert not assistant.audible()
    assert assistant.reply_pending()
    assistant.take(Resumed())
    now = ANSWER_HEARD_AFTER_S + 0.1
    assert not assistant.audible()
    assert not assistant.reply_pending()
    assert not assistant.answers[0].heard
    assistant.take(_ended("a b"))
    now += ANSWER_HEARD_AFTER_S
    assert assistant.audible()
    assert assistant.answers[1].heard


def test_the_assistant_falls_silent_when_it_is_interrupted() -> None:
    now = 1.0
    assistant = Assistant(lambda: now, FOR_EVER_S)
    assert assistant.audible()
    assistant.take(BargeIn("wait"))
    assert not assistant.audible()


def test_an_answer_that_was_cut_before_its_first_sound_is_not_heard() -> None:
    answer = Answer("a", from_s=1.0, until_s=4.0)
    assert answer.heard
    assert not replace(answer, until_s=1.0).heard
