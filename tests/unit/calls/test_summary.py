"""A summary says what was asked, what answered it, and what the next greeting can come back to."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from tests.support.records import turn

from insta_voice.calls import Search, Source, Ticket, Turn, summarize


def answer(number: int, title: str) -> Turn:
    source = Source("a", title, "/help/a", "A sentence.")
    return turn(number, "A sentence.", speaker="assistant", kind="answer", sources=(source,))


def said(number: int, kind: str) -> Turn:
    return turn(number, "…", speaker="assistant", kind=kind)


def asked_back(number: int, question: str) -> Turn:
    return replace(said(number, "clarify"), searches=(Search(question, question, 0.4, False),))


def ticket(subject: str) -> Ticket:
    return Ticket(uuid4(), uuid4(), "maya", "k", subject, "…", datetime(2026, 11, 22, tzinfo=UTC), None)


def test_answered_and_open_questions() -> None:
    draft = summarize(
        [
            said(1, "greeting"),
            turn(2, "How do I reset my password?"),
            said(3, "filler"),
            answer(4, "Reset your password"),
            turn(5, "And on a   toaster?"),
            said(6, "unknown"),
            turn(7, "thanks"),
            said(8, "thanks"),
        ],
        [],
    )
    assert draft.summary == (
        "Asked “How do I reset my password?”: answered from “Reset your password”. "
        "Asked “And on a toaster?”: no article answers it."
    )
    assert (draft.topics, draft.open_question, draft.solved) == (
        ("Reset your password",),
        "And on a toaster?",
        False,
    )


def test_a_question_answered_at_the_second_try_is_not_open() -> None:
    draft = summarize([turn(1, "Toaster?"), said(2, "unknown"), turn(3, "toaster"), answer(4, "Toasters")], [])
    assert (draft.open_question, draft.solved) == (None, True)


def test_account_questions_and_tickets() -> None:
    draft = summarize(
        [turn(1, "Which plan am I on?"), said(2, "account"), turn(3, "A person please"), said(4, "ticket")],
        [ticket("Change of plan")],
    )
    assert draft.summary == (
        "Asked “Which plan am I on?”: answered from the account. Left for the team: “Change of plan”."
    )
    assert draft.solved is True


def test_a_person_asked_for_in_vain_is_said() -> None:
    assert summarize([turn(1, "A person please"), said(2, "handover")], []).summary == "Asked for a person."


def test_a_silent_call_settles_nothing() -> None:
    draft = summarize([said(1, "greeting")], [])
    assert (draft.summary, draft.open_question, draft.solved) == ("Nothing was asked.", None, None)


def test_a_long_question_is_cut_between_words() -> None:
    draft = summarize([turn(1, "why " * 100), said(2, "unknown")], [])
    assert draft.open_question is not None
    assert draft.open_question.endswith("why…")
    assert len(draft.open_question) <= 161


def test_a_question_cut_off_by_the_end_is_not_called_open() -> None:
    draft = summarize([turn(1, "Hello?")], [])
    assert (draft.summary, draft.solved) == ("Nothing was asked.", None)


def test_an_answer_that_nobody_heard_answers_nothing() -> None:
    cut = turn(2, "A sentence.", speaker="assistant", kind="answer", heard="", interrupted=True)
    draft = summarize([turn(1, "How do I fly?"), cut], [])
    assert (draft.summary, draft.solved) == ("Nothing was asked.", None)


def test_an_answer_that_was_heard_in_part_counts() -> None:
    cut = turn(2, "A sentence.", speaker="assistant", kind="answer", heard="A", interrupted=True)
    assert summarize([turn(1, "How do I fly?"), cut], []).solved is True


def test_a_question_with_a_pause_in_it_is_one_question() -> None:
    draft = summarize(
        [
            turn(1, "How do I reset"),
            turn(2, "A sentence.", speaker="assistant", kind="answer", heard="", interrupted=True),
            turn(3, "on my"),
            turn(4, "new phone?"),
            said(5, "unknown"),
            turn(6, "thanks"),
            said(7, "thanks"),
        ],
        [],
    )
    assert draft.open_question == "How do I reset on my new phone?"
    assert draft.solved is False


def test_what_is_said_while_an_answer_is_looked_up_answers_nothing() -> None:
    draft = summarize([turn(1, "Which plan"), said(2, "filler"), turn(3, "am I on?"), said(4, "account")], [])
    assert draft.summary == "Asked “Which plan am I on?”: answered from the account."


def test_a_question_that_was_asked_back_is_told_with_its_answer_and_not_the_reply_that_decided_it() -> None:
    question = "How do I change my login?"
    search = Search(question, f"{question} Change your password", 0.9, True)
    decided = replace(answer(4, "Change your password"), searches=(search,))
    asked = "Um, how do I, like, change my login, please?"
    draft = summarize([turn(1, asked), asked_back(2, question), turn(3, "The second one."), decided], [])
    assert draft.summary == f"Asked “{asked}”: answered from “Change your password”."
    assert (draft.open_question, draft.solved) == (None, True)


def test_a_question_that_is_neither_of_two_stays_open_in_its_own_words() -> None:
    search = Search("How do I change it?", "How do I change it?", 0.0, False)
    refused = replace(said(4, "unknown"), searches=(search,))
    asked = "How do I change it, please?"
    draft = summarize([turn(1, asked), asked_back(2, "How do I change it?"), turn(3, "Neither."), refused], [])
    assert draft.open_question == asked


def test_a_long_question_that_was_asked_back_is_known_by_what_was_searched() -> None:
    question = "How do I change " + "the one and only address of my team and " * 5 + "of mine?"
    search = Search(question, question, 0.0, False)
    refused = replace(said(4, "unknown"), searches=(search,))
    draft = summarize([turn(1, question), asked_back(2, question), turn(3, "Neither."), refused], [])
    assert (draft.open_question or "").startswith("How do I change the one")


def test_a_new_question_after_one_that_was_asked_back_is_told_in_its_own_words() -> None:
    search = Search("Where are my invoices?", "Where are my invoices?", 0.9, True)
    other = replace(answer(4, "Invoices"), searches=(search,))
    draft = summarize([turn(1, "How?"), asked_back(2, "How?"), turn(3, "Where are my invoices?"), other], [])
    assert draft.summary == (
        "Asked “How?”: no article answers it. Asked “Where are my invoices?”: answered from “Invoices”."
    )
    assert draft.open_question == "How?"


def test_a_question_that_was_asked_back_and_never_decided_stays_open() -> None:
    question = "How do I change my login?"
    draft = summarize([turn(1, question), asked_back(2, question)], [])
    assert (draft.open_question, draft.solved) == (question, False)
    draft = summarize([turn(1, question), said(2, "clarify")], [])
    assert (draft.open_question, draft.solved) == (None, None), "small talk is no question"


def test_what_is_said_between_a_question_asked_back_and_the_reply_parts_them_not() -> None:
    question = "How do I change my login?"
    search = Search(question, f"{question} Change your password", 0.9, True)
    decided = replace(answer(6, "Change your password"), searches=(search,))
    between = [turn(3, "One moment."), said(4, "clarify"), turn(5, "The second one.")]
    draft = summarize([turn(1, question), asked_back(2, question), *between, decided], [])
    assert draft.summary == f"Asked “{question}”: answered from “Change your password”."
    assert (draft.open_question, draft.solved) == (None, True)
