"""The grader sees what was said, shown, recorded and changed; each thing that is missing is a sentence."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from tests.support.held_conversations import QUESTION, SUMMARY, answered, held, record

from insta_voice.evals.grade import shortcomings
from insta_voice.evals.held import Held, Told
from insta_voice.evals.scenario import EndState

RESET = "Reset your password"


def test_a_conversation_as_it_should_be_has_no_shortcoming() -> None:
    wanted = {"sources": [RESET], "says": ["forgot password"], "never": ["24 hours"]}
    assert shortcomings(held(answered("Choose Forgot password.", RESET), wanted)) == []


@pytest.mark.parametrize(
    ("answer", "wanted", "missing"),
    [
        (answered("Hello."), {"says": ["link"]}, "/link/ was not said"),
        (answered("In 24 hours."), {"never": [r"\b24\b"]}, r"/\b24\b/ was said"),
        (answered("Hello.", "Guests"), {"sources": [RESET]}, f"“{RESET}” was not shown"),
        (answered("I do not know that.", RESET), {"unknown": True}, f"“{RESET}” was shown for what it cannot know"),
        (answered("Lima."), {"unknown": True}, "it did not say that it does not know"),
        (answered(""), {}, "nothing was said"),
    ],
)
def test_what_an_answer_lacks_is_said_with_the_question_and_the_answer(
    answer: Any, wanted: dict[str, Any], missing: str
) -> None:
    assert shortcomings(held(answer, wanted)) == [f"to “{QUESTION}” {missing}: “{answer.heard}”"]


@pytest.mark.parametrize(
    "words",
    [
        "I do not know that: I found nothing about it in our help articles.",
        "Our help articles do not answer that, so I do not know.",
        "I looked, and I have no answer to that in our help articles.",
        "I don't have information about that.",
        "I’m not sure, but I can open a ticket.",
        "I'm sorry, I couldn't find anything about training courses.",
        "Your account does not show that to me.",
    ],
)
def test_not_knowing_may_be_said_in_many_ways(words: str) -> None:
    assert shortcomings(held(answered(words), {"unknown": True})) == []


@pytest.mark.parametrize("words", ["It is sunny in Paris.", "Yes, we have three courses.", "The capital is Lima."])
def test_an_answer_is_not_taken_for_not_knowing(words: str) -> None:
    assert shortcomings(held(answered(words), {"unknown": True})) != []


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"script": {"greeting": ["Maya"]}}, "the greeting does not say /Maya/: “Hello, I am an AI.”"),
        ({"script": {"never": ["forgot"]}}, "/forgot/ was said in the call"),
        ({"broke": "Nothing came back."}, "Nothing came back."),
        ({"record": record()}, None),
        ({"record": record(answered(), ended_at=None)}, "the record was not closed with a summary"),
        ({"record": record(answered(), summary=None)}, "the record was not closed with a summary"),
        ({"record": record(answered())}, "turns are missing in the record"),
        (
            {"record": record(replace(answered("Sorry.", mind="app", kind="apology"), number=1))},
            "grounded did not answer: app said “Sorry.”",
        ),
        (
            {"record": record(replace(answered("It is free. So.", unsupported=("It is free.", "Now.")), number=1))},
            "nothing it was given says “It is free.”",
        ),
        (
            {"record": record(replace(answered("Lima.", mind="another"), number=1))},
            "grounded did not answer: another said “Lima.”",
        ),
    ],
)
def test_what_a_call_lacks_is_said(changes: dict[str, Any], missing: str | None) -> None:
    found = shortcomings(held(answered(), **changes))
    assert missing in found if missing else found == []


def changed(before: list[tuple[str, str]], after: list[tuple[str, str]], **scenario: Any) -> Held:
    made = held(answered(), scenario=scenario)
    return replace(made, before=Counter(before), after=Counter([SUMMARY, *after]))


def test_a_ticket_nobody_wanted_and_one_that_was_not_left_are_said() -> None:
    ticket = ("tickets", "one")
    assert shortcomings(changed([], [ticket], tickets=1)) == []
    assert shortcomings(changed([], [ticket])) == ["tickets: 1 new, where 0 were to be"]
    assert shortcomings(changed([], [], tickets=1)) == ["tickets: 0 new, where 1 were to be"]


def test_a_row_that_was_changed_is_said_whosever_it_is() -> None:
    free, business = ("user_profiles", "leo on free"), ("user_profiles", "leo on business")
    assert shortcomings(changed([free], [business])) == [
        "user_profiles: 1 new, where 0 were to be",
        "user_profiles: 1 changed or gone",
    ]


def test_each_call_leaves_a_summary() -> None:
    assert shortcomings(replace(held(answered()), after=Counter())) == [
        "interaction_summaries: 0 new, where 1 were to be"
    ]


@pytest.mark.parametrize(
    ("wanted", "value", "missing"),
    [
        ({"is": 1}, 1, ""),
        ({"is": None}, None, ""),
        ({"matches": "pass"}, "Password", ""),
        ({"is": 1}, 2, "“a” is not so: 2 instead of 1"),
        ({"is": False}, None, "“a” is not so: None instead of False"),
        ({"matches": "pass"}, None, "“a” is not so: None instead of /pass/"),
    ],
)
def test_the_end_state_is_what_the_database_answers(wanted: dict[str, Any], value: object, missing: str) -> None:
    question = EndState.model_validate({"that": "a", "sql": "select 1", **wanted})
    told = replace(held(answered()), told=(Told(question, value),))
    assert shortcomings(told) == ([missing] if missing else [])


def test_a_question_the_database_does_not_take_is_said() -> None:
    question = EndState.model_validate({"that": "a", "sql": "selec", "is": 1})
    told = replace(held(answered()), told=(Told(question, error="SyntaxError 42601"),))
    assert shortcomings(told) == ["“a” cannot be asked of the database: SyntaxError 42601"]
