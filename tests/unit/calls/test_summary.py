"""A summary says what was asked, what answered it, and what the next greeting can come back to."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.support.records import turn

from insta_voice.calls import Source, Ticket, Turn, summarize


def answer(number: int, title: str) -> Turn:
    source = Source("a", title, "/help/a", "A sentence.")
    return turn(number, "A sentence.", speaker="assistant", kind="answer", sources=(source,))


def said(number: int, kind: str) -> Turn:
    return turn(number, "…", speaker="assistant", kind=kind)


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
