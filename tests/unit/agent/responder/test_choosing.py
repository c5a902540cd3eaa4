"""Asked back between two articles: in spoken titles, once, and what the caller replies is answered or passed on."""

from dataclasses import replace

import pytest
from tests.support.responder import Conversation, evidence, nothing, passages, say, turn

from insta_voice.agent.responder.turn import Call, Say
from insta_voice.knowledge.evidence import Choice, Evidence

QUESTION = "how do I change my login"
EMAIL = "Open Settings and choose Account. Enter the new address and confirm it."
PASSWORD = "Open Security and choose Change password. You stay signed in."


def unsure(first: str = "Change your email address", second: str = "Change your password") -> Evidence:
    """Evidence that does not answer, and may be of two articles."""
    email = passages(EMAIL, QUESTION, title=first, article_id="email")[0]
    password = passages(PASSWORD, QUESTION, title=second, article_id="password")[0]
    return Evidence(
        QUESTION, QUESTION, (email, password), 0.4, answerable=False, choice=Choice(QUESTION, (email, password))
    )


def sure(*titles: str) -> Evidence:
    """Evidence that answers, to a question that does not say which of two it is about."""
    return replace(unsure(*titles), confidence=0.8, answerable=True)


def decided(text: str | None) -> Evidence:
    """What the search gives for a reply."""
    found = evidence(QUESTION, text) if text else nothing(QUESTION)
    return replace(found, query=f"{QUESTION} Change your password", chosen=True)


def test_the_caller_is_asked_which_of_two_they_mean() -> None:
    asked = say(turn(QUESTION, unsure()))
    assert (asked.kind, asked.offer, asked.citations) == ("clarify", "choice", ())
    assert asked.text in (
        "Do you mean how to change your email address, or how to change your password?",
        "Is it about how to change your email address, or about how to change your password?",
    )


@pytest.mark.parametrize("heard", [QUESTION, "change login"])
@pytest.mark.parametrize("confidence", [None, 0.45])
def test_what_has_an_answer_and_does_not_say_which_is_asked_back_too(heard: str, confidence: float | None) -> None:
    asked = say(turn(heard, sure(), confidence=confidence))
    assert (asked.kind, asked.offer) == ("clarify", "choice")


def test_it_is_no_agreement_to_a_ticket() -> None:
    call = Conversation()
    call.hear("do you sell shoes", nothing("do you sell shoes"))
    asked = call.hear("Yes, changing my login", replace(sure(), question="Yes, changing my login"))
    assert (asked.offer, call.calls) == ("choice", [])


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Plans: what they cost!", "Plans what they cost"),
        ("Sign in (beta)", "how to sign in beta"),
        ("**SSO** with SAML 2.0.", "SSO with SAML 2.0"),
    ],
)
def test_a_title_is_said_without_its_punctuation(title: str, said: str) -> None:
    assert said in say(turn(QUESTION, unsure(first=title))).text


@pytest.mark.parametrize(
    "titles",
    [
        ("Change it.", "Change it"),
        ("***", "Change your password"),
        ("Everything there is to know about the many ways to change how you sign in", "Change your password"),
    ],
)
def test_what_an_ear_cannot_choose_between_is_not_asked(titles: tuple[str, str]) -> None:
    assert say(turn(QUESTION, unsure(*titles))).kind == "unknown"
    assert say(turn(QUESTION, sure(*titles))).kind == "answer"


def test_the_reply_is_answered_from_the_article_that_was_chosen() -> None:
    call = Conversation()
    call.hear(QUESTION, unsure())
    answer = call.hear("the second one", decided(PASSWORD))
    assert answer.kind == "answer"
    assert "Open Security" in answer.text
    assert answer.question == QUESTION


def test_one_word_is_enough_of_a_reply() -> None:
    call = Conversation()
    call.hear(QUESTION, unsure())
    assert call.hear("second", decided(PASSWORD)).kind == "answer"


@pytest.mark.parametrize("heard", ["My email address.", "my email", "I mean my email address"])
def test_what_is_chosen_as_one_s_own_is_no_fact_of_the_account(heard: str) -> None:
    call = Conversation(get_user_account_info='{"email": "maya@example.com"}')
    call.hear(QUESTION, unsure())
    answer = call.hear(heard, decided(EMAIL))
    assert (answer.kind, call.calls) == ("answer", [])
    assert "Open Settings" in answer.text


@pytest.mark.parametrize("heard", ["neither", "no", "none of those"])
def test_who_means_neither_hears_that_it_is_not_known_and_is_offered_a_person(heard: str) -> None:
    call = Conversation()
    call.hear(QUESTION, unsure())
    answer = call.hear(heard, decided(None))
    assert (answer.kind, answer.offer) == ("unknown", "ticket")
    call.hear("yes please")
    assert call.calls == [Call("open_ticket", {"subject": QUESTION})]


def test_a_new_question_is_answered_as_such() -> None:
    call = Conversation()
    call.hear(QUESTION, unsure())
    other = "where do I find my invoices"
    answer = call.hear(other, evidence(other, "You find your invoices under Billing."))
    assert (answer.kind, answer.question) == ("answer", "")


def test_the_question_can_be_heard_again_and_decided_then() -> None:
    call = Conversation()
    asked = call.hear(QUESTION, unsure())
    again = call.hear("sorry, what?")
    assert (again.parts, again.offer) == (asked.parts, "choice")
    assert call.hear("the second", decided(PASSWORD)).kind == "answer"


def test_a_lone_yes_hears_the_two_again_and_only_once() -> None:
    call = Conversation()
    asked = call.hear(QUESTION, unsure())
    again = call.hear("Yes.")
    assert (again.kind, again.parts, again.offer) == ("repeat", asked.parts, "choice")
    assert call.hear("Yes.").kind == "clarify"
    assert call.hear("the second", decided(PASSWORD)).kind == "answer"


def test_the_summary_tells_the_question_and_not_the_reply() -> None:
    call = Conversation(summarize_interaction_for_next_session="remembered")
    call.hear(QUESTION, unsure())
    call.hear("the second one", decided(PASSWORD))
    assert isinstance(call.hear("goodbye"), Say)
    [saved] = call.calls
    assert QUESTION in str(saved.arguments["summary"])
    assert "second" not in str(saved.arguments["summary"])


def test_a_fact_of_the_account_is_no_matter_of_two_articles() -> None:
    question = "which plan am I on"
    found = replace(unsure(), question=question)
    asked = say(turn(question, found, tools=frozenset()))
    assert (asked.kind, asked.offer) == ("unknown", None)
    assert say(turn(question, replace(sure(), question=question), tools=frozenset())).offer != "choice"
