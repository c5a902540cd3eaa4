"""A reply to "do you mean this or that?" is understood without a model, and a new question is not taken for one."""

import pytest

from insta_voice.knowledge.choosing import chosen
from insta_voice.knowledge.evidence import Choice, Passage


def passage(article_id: str, title: str) -> Passage:
    return Passage(1, article_id, None, 1, title, "", "", "", 0.5, ())


EMAIL, PASSWORD = passage("email", "Change your email address"), passage("password", "Change your password")
CHOICE = Choice("how do I change my login", (EMAIL, PASSWORD))


@pytest.mark.parametrize(
    "heard",
    [
        "The first.", "the first one please", "First", "I mean the first one", "Number one.", "option 1", "the former",
        "uh, the first of the two", "Das erste, bitte.", "Ich meine die erste Möglichkeit", "La primera.",
        "my email address", "the email one", "email", "I want to change the email", "It's about the address.",
    ],
)  # fmt: skip
def test_the_first_is_meant(heard: str) -> None:
    assert chosen(heard, CHOICE) == (EMAIL,)


@pytest.mark.parametrize(
    "heard",
    [
        "the second", "No, the second one.", "second one please", "The last one", "the latter", "number two", "2nd",
        "Das zweite.", "Das letzte, bitte.", "die letztere", "el segundo por favor",
        "the password", "My password, please.", "I mean the passwords",
    ],
)  # fmt: skip
def test_the_second_is_meant(heard: str) -> None:
    assert chosen(heard, CHOICE) == (PASSWORD,)


@pytest.mark.parametrize("heard", ["Both.", "both of them please", "Beides", "las dos"])
def test_both_are_meant(heard: str) -> None:
    assert chosen(heard, CHOICE) == (EMAIL, PASSWORD)


@pytest.mark.parametrize(
    "heard", ["Neither.", "neither of them", "None of those", "No.", "no thanks", "something else", "Keins von beiden."]
)
def test_neither_is_meant(heard: str) -> None:
    assert chosen(heard, CHOICE) == ()


@pytest.mark.parametrize(
    "heard",
    [
        "", "um", "Yes.", "change", "my login", "What was the first one?", "How do I change the email of an invoice?",
        "Where do I find my invoices?", "my email provider blocks your newsletter every week", "Say that again.",
        "let me talk to a person", "the first thing in the morning my colleagues cannot sign in", "Goodbye.",
        "the email or the password",
    ],
)  # fmt: skip
def test_what_is_no_reply_is_a_turn_of_its_own(heard: str) -> None:
    assert chosen(heard, CHOICE) is None


PLANS = Choice(
    "what about my plan", (passage("cancel", "Cancel your subscription"), passage("plan", "Change your plan"))
)


@pytest.mark.parametrize(
    "heard",
    [
        "I don't want to cancel", "I’m not cancelling", "not cancelling", "I can't cancel", "I cannot cancel",
        "never cancel", "not the plan", "not the plan, the other one", "nicht kündigen, mein plan",
    ],
)  # fmt: skip
def test_what_is_denied_is_not_chosen(heard: str) -> None:
    assert chosen(heard, PLANS) is None


@pytest.mark.parametrize(
    "heard", ["that one", "Yes, that one.", "the one", "the two", "two of them", "the two of them"]
)
def test_what_points_at_neither_place_is_no_choice(heard: str) -> None:
    assert chosen(heard, PLANS) is None


@pytest.mark.parametrize(("heard", "place"), [("one", 0), ("Number one.", 0), ("two", 1), ("option two please", 1)])
def test_a_bare_number_is_a_place(heard: str, place: int) -> None:
    assert chosen(heard, PLANS) == (PLANS.candidates[place],)
