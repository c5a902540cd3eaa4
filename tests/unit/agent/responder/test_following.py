"""A follow-up is answered with what is new in it, or honestly not at all; what was said is said again only where it
has that."""

import pytest
from tests.support.responder import Conversation, evidence, following

REFUNDS = """
Yearly plans are refunded in full within 30 days of the payment. Monthly payments are not refunded.

## When the money comes
The money is back on the card within ten working days.
"""
LOST = """
If you have lost your phone, sign in with one of your backup codes. Choose "Use a backup code" under the field.

## Without backup codes
An administrator lets you in once.
"""
REFUNDED = "are yearly plans refunded"
LOST_IT = "i lost my phone and can not sign in"


def refunded() -> Conversation:
    """A call in which refunds were spoken of."""
    call = Conversation()
    said = call.hear(REFUNDED, evidence(REFUNDED, REFUNDS))
    assert said.text.startswith("Yearly plans are refunded in full within 30 days of the payment.")
    return call


@pytest.mark.parametrize("question", ["what happens to my files then", "if i do not like that", "is there a limit"])
def test_what_was_said_is_no_answer_to_what_it_does_not_speak_of(question: str) -> None:
    said = refunded().hear(f"and {question}", following(question, REFUNDED, REFUNDS))
    assert (said.kind, said.offer, said.citations) == ("unknown", "ticket", ())


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what about monthly", "Monthly payments are not refunded."),
        ("is the payment in full", "Yearly plans are refunded in full within 30 days of the payment."),
        ("within which time is it", "Yearly plans are refunded in full within 30 days of the payment."),
    ],
)
def test_what_was_said_is_said_again_where_it_has_what_is_new(question: str, said: str) -> None:
    assert refunded().hear(question, following(question, REFUNDED, REFUNDS)).text.startswith(said)


def test_the_same_question_is_answered_the_same() -> None:
    call = refunded()
    said = call.hear("so are they refunded", following("are they refunded", REFUNDED, REFUNDS))
    assert said.text.startswith("Yearly plans are refunded in full")


def test_another_sentence_of_the_kind_asked_for_comes_before_the_one_that_was_said() -> None:
    question = "how long does it take"
    assert refunded().hear(question, following(question, REFUNDED, REFUNDS)).text.startswith("The money is back")


@pytest.mark.parametrize("question", ["without backup codes", "what if i do not have backup codes"])
def test_who_has_not_got_it_hears_of_that_and_not_of_having_it(question: str) -> None:
    call = Conversation()
    assert "with one of your backup codes" in call.hear(LOST_IT, evidence(LOST_IT, LOST)).text
    said = call.hear(f"and {question}", following(question, LOST_IT, LOST))
    assert said.text == "An administrator lets you in once."


def test_what_was_cut_off_before_it_was_heard_was_not_said() -> None:
    call = Conversation()
    call.hear(LOST_IT, evidence(LOST_IT, LOST), cut_after="If you")
    said = call.hear("and on a train", following("on a train", LOST_IT, LOST))
    assert said.text.startswith("If you have lost your phone, sign in with one of your backup codes.")


@pytest.mark.parametrize(
    ("other", "kind"),
    [("Files of a workspace with refunded plans are kept.", "answer"), ("Files in the trash are kept.", "unknown")],
)
def test_another_article_answers_only_where_it_joins_both(other: str, kind: str) -> None:
    question = "what about files"
    said = refunded().hear(question, following(question, f"{REFUNDED} in full", REFUNDS, other))
    assert (said.kind, other in said.text) == (kind, kind == "answer")


def test_a_question_that_stands_for_itself_is_no_follow_up() -> None:
    asked = "when is a payment back"
    assert refunded().hear(asked, evidence(asked, "A payment is back in 30 days.")).kind == "answer"
    again = refunded().hear("do yearly plans cost more", evidence(REFUNDED, REFUNDS))
    assert again.text.startswith("Yearly plans are refunded")
