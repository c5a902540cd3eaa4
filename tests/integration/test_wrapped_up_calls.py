"""The ticket of a call whose budget was spent: about what was asked, once, and only where it reaches somebody."""

from typing import Any

import pytest
from tests.support.minds import call_state
from tests.support.records import make_call, turn

from insta_voice.agent.state import CallState
from insta_voice.agent.wrap_up import parting_sentence
from insta_voice.calls import Turn, list_tickets, open_ticket, record_turn
from insta_voice.calls.tickets import MOST_TICKETS
from insta_voice.db import Database

FAX = [turn(1, "Can I send a fax?"), turn(2, "I do not know.", speaker="assistant", kind="unknown")]
PRICE = [turn(1, "What does it cost?"), turn(2, "Nine euros.", speaker="assistant", kind="answer")]
SEATS = [turn(3, "How many seats do I have?"), turn(4, "Five.", speaker="assistant", kind="account")]
LETTER = [turn(5, "Can I send a letter?"), turn(6, "I do not know.", speaker="assistant", kind="unknown")]


async def spent(db: Database, *turns: Turn, **changes: Any) -> CallState:
    state = call_state(db, **{"can_deliver_tickets": True, **changes})
    state.call_id = await make_call(db)
    for one in turns:
        await record_turn(db, call_id=state.call_id, user_id="maya", turn=one)
    return state


@pytest.mark.parametrize(
    ("turns", "subject"),
    [
        ([*FAX, *SEATS], "Can I send a fax?"),
        ([*FAX, *SEATS, *LETTER], "Can I send a letter?"),
        ([*PRICE, *SEATS], "How many seats do I have?"),
        ([], "A call had to be wrapped up before it came to its end"),
    ],
)
async def test_a_colleague_learns_what_was_left_open(db: Database, turns: list[Turn], subject: str) -> None:
    state = await spent(db, *turns)
    assert await parting_sentence(state) == "budget_goodbye"
    assert await parting_sentence(state) == "budget_goodbye", "an agent that took over says the same"
    (ticket,) = await list_tickets(db)
    assert (ticket.call_id, ticket.subject) == (state.call_id, subject)
    assert ticket.briefing


async def test_what_cannot_be_delivered_is_not_promised(db: Database) -> None:
    assert await parting_sentence(await spent(db, *FAX, can_deliver_tickets=False)) == "budget_goodbye_contact"
    assert await list_tickets(db) == []


async def test_a_call_that_has_left_enough_tickets_leaves_no_more(db: Database) -> None:
    state = await spent(db, *FAX)
    for number in range(MOST_TICKETS):
        await open_ticket(db, user_id="maya", call_id=state.call_id, subject="s", briefing="b", key=f"k{number}")
    assert await parting_sentence(state) == "budget_goodbye_contact"
