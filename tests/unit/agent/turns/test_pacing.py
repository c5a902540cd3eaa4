"""How long a pause must be, by what was said, how it sounded, and who said it."""

import pytest

from insta_voice.agent.turns.last_turn import LastTurn
from insta_voice.agent.turns.pacing import Habit, Pacing, pause_needed_s
from insta_voice.agent.turns.words import TurnWords
from insta_voice.languages import ENGLISH, GERMAN, SPANISH, Language

PACING = Pacing()
SURE, SAYS_SO, GOES_ON = 0.8, 0.4, 0.1


@pytest.mark.parametrize(
    ("text", "probability", "needed_s"),
    [
        ("How do I reset my password?", SURE, PACING.complete_s),
        ("How do I reset my password?", SAYS_SO, PACING.complete_s),
        ("How do I reset my password?", GOES_ON, PACING.likely_s),
        ("How do I reset my password?", None, PACING.complete_s),
        ("Yes, please.", SURE, PACING.complete_s),
        ("I want to change our plan.", SURE, PACING.likely_s),
        ("I want to change our plan.", SAYS_SO, PACING.doubtful_s),
        ("I want to change our plan.", GOES_ON, PACING.unsure_s),
        ("My number is 4711.", SURE, PACING.likely_s),
        ("My number is four seven", SAYS_SO, PACING.unsure_s),
        ("When I click on billing", SURE, PACING.unsure_s),
        ("If I cancel today", GOES_ON, PACING.unfinished_s),
        ("I was wondering.", SURE, PACING.unsure_s),
    ],
)
def test_the_silence_that_ends_a_turn(text: str, probability: float | None, needed_s: float) -> None:
    assert pause_needed_s(text, probability, PACING, TurnWords(ENGLISH)) == needed_s


@pytest.mark.parametrize(
    ("language", "text", "unfinished"),
    [
        (ENGLISH, "When does it renew?", False),
        (ENGLISH, "When I click on billing, the page is empty.", False),
        (ENGLISH, "If I cancel today,", True),
        (ENGLISH, "If I cancel today do I get the rest of the month back?", False),
        (ENGLISH, "And since the last update", True),
        (ENGLISH, "And if I don't get the email?", False),
        (ENGLISH, "If I click on it?", True),
        (GERMAN, "Und wenn ich keine E-Mail bekomme?", False),
        (ENGLISH, "Can you tell me.", True),
        (ENGLISH, "Our account manager said", True),
        (ENGLISH, "How do I set up.", True),
        (GERMAN, "Wenn ich heute kündige", True),
        (GERMAN, "Wann wird verlängert?", False),
        (GERMAN, "Meine Frage ist", True),
        (SPANISH, "Si cancelo hoy", True),
        (SPANISH, "Mi pregunta es", True),
    ],
)
def test_half_a_sentence_is_known_by_how_it_begins_or_ends(language: Language, text: str, unfinished: bool) -> None:
    assert TurnWords(language).looks_unfinished(text) is unfinished


def test_who_paused_is_waited_for_and_less_with_each_turn() -> None:
    habit = Habit()
    assert habit.patience_s(0.3) == 0.3
    habit.went_on_after(0.7)
    assert 0.6 < habit.patience_s(0.3) < 0.75
    assert habit.patience_s(1.7) == 1.7
    for _ in range(4):
        habit.finished()
    assert habit.patience_s(0.3) == 0.3
    habit.went_on_after(30.0)
    assert habit.patience_s(0.3) == 0.3, "nobody is waited for as long as it took them once"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_who_goes_on_soon_goes_on_with_the_same_turn() -> None:
    clock = Clock()
    last = LastTurn(clock)
    assert not last.goes_on(0.3, pending=True)
    last.ended("How do I pay", spoke_at=clock.now - 0.3)
    clock.now += 1.0
    assert last.goes_on(0.25, pending=False)
    assert last.take(0.25) == ("How do I pay", pytest.approx(1.05))
    assert not last.goes_on(0.25, pending=False)


@pytest.mark.parametrize(("voiced_s", "goes_on"), [(0.1, False), (0.3, True)])
def test_it_counts_when_they_began_to_go_on(voiced_s: float, goes_on: bool) -> None:
    clock = Clock()
    last = LastTurn(clock)
    last.ended("How do I pay", spoke_at=clock.now - 0.3)
    clock.now += 1.7
    assert last.goes_on(voiced_s, pending=False) is goes_on


@pytest.mark.parametrize(("pending", "after_s"), [(False, 2.0), (True, 21.0)])
def test_a_turn_stands_after_a_while(pending: bool, after_s: float) -> None:
    clock = Clock()
    last = LastTurn(clock)
    last.ended("How do I pay", spoke_at=clock.now)
    clock.now += after_s
    assert not last.goes_on(0.25, pending=pending)


@pytest.mark.parametrize(("heard_s", "stands"), [(0.3, False), (0.8, True)])
def test_a_turn_whose_answer_was_heard_stands(heard_s: float, stands: bool) -> None:
    last = LastTurn(Clock())
    last.ended("How do I pay", spoke_at=99.7)
    for _ in range(round(heard_s / 0.032)):
        last.answering(0.032, audible=True, caller_speaks=False)
    assert last.goes_on(0.25, pending=False) is not stands
    last.answering(0.032, audible=False, caller_speaks=False)
    assert not last.goes_on(0.25, pending=False), "a short answer that is over was heard"


def test_an_answer_that_was_heard_before_the_turn_says_nothing_of_its_own() -> None:
    last = LastTurn(Clock())
    for audible in [True] * 40 + [False]:
        last.answering(0.032, audible=audible, caller_speaks=False)
    last.ended("How do I pay", spoke_at=99.7)
    last.answering(0.032, audible=False, caller_speaks=False)
    assert last.goes_on(0.25, pending=False)
