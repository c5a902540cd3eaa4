"""The simulated caller says what fits what it hears, tells nothing unasked, and always hangs up in the end."""

import pytest

from insta_voice.evals.caller import SimulatedCaller
from insta_voice.evals.scenario import Call

CALL = {
    "opening": {"say": "It does not work."},
    "facts": [{"asked": "browser", "tell": "Chrome."}],
    "reactions": [{"when": "ticket", "say": "Yes, please."}],
    "questions": [{"say": "And on the phone?"}, {"say": "Anything else?"}],
    "closing": "Goodbye.",
}


def calling(**changes: object) -> SimulatedCaller:
    return SimulatedCaller(Call.model_validate({**CALL, **changes}))


def hears(caller: SimulatedCaller, *said: str) -> list[str | None]:
    lines = [caller.hears(words) for words in said]
    return [line.say if line else None for line in lines]


def test_it_opens_goes_on_says_goodbye_and_hangs_up() -> None:
    caller = calling()
    assert caller.opens().say == "It does not work."
    assert hears(caller, "I see.", "Hm.", "Well.", "Bye.") == ["And on the phone?", "Anything else?", "Goodbye.", None]


def test_without_a_closing_it_hangs_up_in_silence() -> None:
    assert hears(calling(closing=None, questions=[]), "I see.") == [None]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Which browser do you use?", "Chrome."),
        ("Please tell me your Browser.", "Chrome."),
        ("It works in every browser. What do you see?", "And on the phone?"),
        ("It works in every browser.", "And on the phone?"),
    ],
)
def test_a_fact_is_told_only_when_it_is_asked_for(said: str, told: str) -> None:
    assert hears(calling(), said) == [told]


def test_whoever_asks_a_third_time_is_not_told_again() -> None:
    asked = ["Which browser?"] * 3
    assert hears(calling(), *asked) == ["Chrome.", "Chrome.", "And on the phone?"]


def test_a_reaction_comes_before_the_next_question_and_once() -> None:
    said = ["Shall I open a ticket?", "A ticket is open."]
    assert hears(calling(), *said) == ["Yes, please.", "And on the phone?"]


def test_what_answers_a_line_comes_with_it() -> None:
    caller = calling(reactions=[{"when": "ticket", "say": "Yes.", "answer": {"says": ["opened"]}}])
    line = caller.hears("A ticket?")
    assert line is not None
    assert line.answer.says == ("opened",)
