"""Which sentences of an answer nothing in the turn's material says."""

import pytest
from bench.grounding import refused_and_found

from insta_voice.agent.grounding import Material, unsupported

ARTICLE = "Open the sign-in page and choose Forgot password. The link works for 60 minutes, and for 1,500 people."
ACCOUNT = '{"plan": "team", "seats": 12, "next_invoice": "2026-12-01", "amount": "144.50"}'


@pytest.mark.parametrize(
    "said",
    [
        "To reset your password, open the sign in page and pick Forgot password.",
        "The link works for sixty minutes.",
        "It works for fifteen hundred people.",
        "You are on the Team plan with twelve seats.",
        "The next invoice is due on December 1st, 2026, and is for 144 dollars and 50 cents.",
        "There are three ways to do this.",
        "Thank you for calling, have a wonderful day and enjoy your weekend. Goodbye, and take care.",
        "One of them is the link.",
        "Would you like me to explain quarterly budget forecasts in Excel?",
        "I do not know whether quarterly budget forecasts can be exported to Excel.",
        "I couldn't find anything about quarterly budget forecasts.",
        "I'm not sure about quarterly budget forecasts for accountants.",
        "We don't have any information on quarterly budget forecasts.",
        "There is nothing in our help articles about quarterly budget forecasts.",
        "Quarterly budget forecasts are not covered.",
        "I'm sorry, let me ask a colleague about that, and have them write to you.",
        "You are welcome. Is there anything else?",
        "",
    ],
)
def test_what_the_material_says_or_nobody_claims(said: str) -> None:
    assert unsupported(said, Material((ARTICLE, ACCOUNT))) == ()


@pytest.mark.parametrize(
    "said",
    [
        "The link works for ninety minutes.",
        "The link works for 90 minutes.",
        "You are on the Team plan with two seats.",
        "It is three hundred dollars.",
        "Quarterly budget forecasts can be exported to Excel.",
        "I have cancelled the link.",
        "Your password has been reset.",
        "You do not have to pay for quarterly budget forecasts.",
        "Guests are not able to export quarterly forecasts to Excel.",
        "When forecasts expire, nothing is charged to your company.",
        "We do not have quarterly forecasts for guests.",
        "There is nothing to pay for quarterly forecasts of guests.",
        "Nothing answers quarterly forecasts faster than our robots.",
    ],
)
def test_what_is_made_up(said: str) -> None:
    assert unsupported(f"The link works for sixty minutes. {said}", Material((ARTICLE, ACCOUNT))) == (said,)


def test_another_form_of_a_word_is_the_word() -> None:
    assert unsupported("Inviting, cancelling and invoicing.", Material(("Invite, cancel or pay invoices.",))) == ()


def test_what_a_tool_did_may_be_said() -> None:
    assert unsupported("I have opened a ticket for you.", Material((), acted=True)) == ()


def test_most_of_what_is_made_up_is_found_and_what_is_right_is_left_alone() -> None:
    """Counts and no figure of quality: the sentences are few, and by the same hand as the word lists."""
    right, refused, made_up, found = refused_and_found()
    assert refused <= right * 0.05
    assert found >= made_up * 0.85
