"""A ticket cannot be taken back: only clear agreement opens one, and what is unclear is asked for once more."""

import pytest
from tests.support.responder import Conversation, evidence, nothing, turn

from insta_voice.agent.responder.consent import Reply, reply_to_ticket
from insta_voice.agent.responder.intents import intents
from insta_voice.knowledge.evidence import Evidence

UNKNOWN = "do you have an office in brazil"
EMAIL = "To change your email, open Profile and choose Change."


def _reply(heard: str, *found: Evidence, confidence: float | None = None) -> Reply | None:
    view = turn(heard, *found, confidence=confidence)
    return reply_to_ticket(view, intents(heard))


def _offered() -> Conversation:
    call = Conversation(open_ticket='{"ticket": "1", "status": "opened"}')
    assert call.hear(UNKNOWN).offer == "ticket"
    return call


@pytest.mark.parametrize(
    "heard",
    [
        "yes", "Yes, please.", "okay", "ok ok ok", "alright", "sure", "Oh, okay.", "go ahead", "please do", "why not?",
        "perfect", "Great, please do that.", "Ok, that would be kind of you.", "yes, that is very thoughtful of you",
        "yes, pass it to a colleague", "let me talk to a person", "open a ticket", "that would be fine", "yes right",
    ],
)  # fmt: skip
def test_clear_words_agree(heard: str) -> None:
    assert _reply(heard) is Reply.YES


@pytest.mark.parametrize(
    "heard",
    [
        "Really?", "Interesting.", "Oh.", "I see", "a memo", "right", "oh right", "fine", "good", "got it",
        "That is fine.", "makes sense", "Great, I will try that.", "Ok, I have to think about it.", "Yes, but not now.",
        "Yes, but I don't need that.", "Okay, I see.",
    ],
)  # fmt: skip
def test_words_that_only_listen_are_unclear(heard: str) -> None:
    assert _reply(heard) is Reply.UNCLEAR


@pytest.mark.parametrize("heard", ["no", "No, thanks.", "Okay, never mind.", "not now", "rather not"])
def test_no_is_no(heard: str) -> None:
    assert _reply(heard) is Reply.NO


@pytest.mark.parametrize(
    "heard",
    [
        "ok, how do I change my email", "Great, how do I export my data.", "Yes, and what does it cost?",
        "Okay. Thanks. How do I export my data", "Ok, that's all. Bye.", "Great, that helped.", "what?",
        "thank you very much", "how do i change my email",
    ],
)  # fmt: skip
def test_a_question_or_a_goodbye_is_a_turn_of_its_own(heard: str) -> None:
    assert _reply(heard) is None


@pytest.mark.parametrize("heard", ["ok, my email address", "yes, my email address"])
def test_what_the_articles_answer_is_a_question_without_its_words(heard: str) -> None:
    assert _reply(heard, evidence("email", EMAIL)) is None


def test_a_yes_that_was_hardly_understood_is_unclear() -> None:
    assert _reply("Yeah.", confidence=0.5) is Reply.UNCLEAR
    assert _reply("Yeah.", confidence=0.9) is Reply.YES


@pytest.mark.parametrize("heard", ["ok, how do I change my email", "Great, how do I change my email."])
def test_a_new_question_after_ok_is_answered_and_opens_nothing(heard: str) -> None:
    call = _offered()
    said = call.hear(heard, evidence("how do i change my email", EMAIL))
    assert (said.kind, said.text, call.calls) == ("answer", EMAIL, [])


def test_what_is_unclear_is_asked_for_once_more() -> None:
    call = _offered()
    again = call.hear("Really?")
    assert again.text.endswith("yes or no?")
    assert call.calls == []
    call.hear("yes")
    assert [dict(made.arguments) for made in call.calls] == [{"subject": UNKNOWN}]


@pytest.mark.parametrize(
    ("heard_of_it", "opened"),
    [
        ("I do not know that:", 0),
        ("I do not know that: I found nothing about it in our help articles. Shall I pass this", 0),
        ("I do not know that: I found nothing about it in our help articles. Shall I pass this to a colleague? Th", 1),
    ],
)
def test_an_okay_that_cuts_the_offer_off_agrees_to_nothing(heard_of_it: str, opened: int) -> None:
    call = Conversation(open_ticket='{"ticket": "1", "status": "opened"}')
    call.past.append(call.past[0])  # an even turn's sentence
    call.hear(UNKNOWN, cut_after=heard_of_it)
    call.hear("okay")
    assert len(call.calls) == opened
    call.hear("yes")
    assert len(call.calls) == 1


def test_who_asks_for_a_person_need_not_have_heard_the_offer() -> None:
    call = Conversation(open_ticket='{"ticket": "1", "status": "opened"}')
    call.hear(UNKNOWN, cut_after="I do")
    assert call.hear("a person please").kind == "ticket"


def test_what_stays_unclear_is_a_no() -> None:
    call = _offered()
    call.hear("I see")
    said = call.hear("That is fine.")
    assert said.offer is None
    call.hear("yes")
    assert call.calls == []


def test_a_question_after_the_second_asking_is_answered() -> None:
    call = _offered()
    call.hear("Interesting.")
    assert call.hear("how do i change my email", evidence("how do i change my email", EMAIL)).kind == "answer"
    assert call.hear("and to the moon", nothing("moon")).offer == "ticket"
