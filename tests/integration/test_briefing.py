"""What a person reads first in a ticket is what was said, also by account questions and to an agent before this one."""

from tests.support.minds import ScriptedMind, call_state
from tests.support.one_turn import one_turn
from tests.support.records import make_call, turn

from insta_voice.calls import Source, Turn, list_tickets, record_turn
from insta_voice.db import Database

PASSWORD = Source("a1", "Reset your password", "/help/a1", "Choose “Forgot password”.")


def reply(number: int, kind: str, *sources: Source) -> Turn:
    return turn(number, "…", speaker="assistant", kind=kind, sources=sources)


async def briefing_after(db: Database, *turns: Turn) -> str:
    """Of a ticket that a new agent of the call opens, having heard nothing of it itself."""
    state = call_state(db, can_deliver_tickets=True)
    state.call_id = await make_call(db)
    for one in turns:
        await record_turn(db, call_id=state.call_id, user_id="maya", turn=one)
    mind = ScriptedMind(("open_ticket", {"subject": "Call me"}), "Done.")
    await one_turn(state, mind, "Yes, please")
    (ticket,) = await list_tickets(db)
    return ticket.briefing


async def test_every_question_stands_in_it_with_what_answered_it(db: Database) -> None:
    briefing = await briefing_after(
        db,
        reply(1, "greeting"),
        turn(2, "Which plan am I on?"),
        reply(3, "account"),
        turn(4, "How do I reset my password?"),
        reply(5, "answer", PASSWORD),
        turn(6, "Can I pay with seashells?"),
        reply(7, "unknown"),
        turn(8, "Yes, please."),
    )
    assert briefing.splitlines() == [
        "- Asked “Which plan am I on?”: answered from the account.",
        "- Asked “How do I reset my password?”: answered from “Reset your password”.",
        "- Asked “Can I pay with seashells?”: no article answers it.",
    ]


async def test_where_nothing_was_asked_it_is_the_callers_words(db: Database) -> None:
    briefing = await briefing_after(db, reply(1, "greeting"), turn(2, "I want a person."), reply(3, "handover"))
    assert briefing == "- Said “I want a person.”."


async def test_a_long_call_is_told_from_its_end(db: Database) -> None:
    asked = [one for n in range(1, 60, 2) for one in (turn(n, f"Question {n}?"), reply(n + 1, "unknown"))]
    lines = (await briefing_after(db, *asked)).splitlines()
    assert len(lines) == 20
    assert lines[-1] == "- Asked “Question 59?”: no article answers it."


async def test_without_a_word_nothing_is_claimed(db: Database) -> None:
    assert await briefing_after(db) == "The record holds nothing that the caller said."
