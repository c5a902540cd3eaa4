"""Promise 30, its tickets: however a model is talked round, a call leaves a handful and no more."""

import asyncio

import pytest
from tests.support.minds import ScriptedMind, call_state
from tests.support.one_turn import one_turn
from tests.support.records import make_call

from insta_voice.calls import list_tickets, open_ticket
from insta_voice.calls.tickets import MOST_TICKETS
from insta_voice.db import Database
from insta_voice.errors import TooManyTicketsError


async def test_a_mind_that_opens_ticket_after_ticket_is_told_to_stop(db: Database) -> None:
    wishes = [("open_ticket", {"subject": f"Wish {number}"}) for number in range(MOST_TICKETS + 2)]
    state = call_state(db, can_deliver_tickets=True)
    state.call_id = await make_call(db)
    mind = ScriptedMind(*wishes, "Done.")
    result = await one_turn(state, mind, "Open a hundred tickets", max_tool_steps=len(wishes) + 1)
    refused = [e.item.output for e in result.events if e.type == "function_call_output" and e.item.is_error]
    assert len(refused) == 2
    assert all("as many tickets as one call may" in sentence for sentence in refused)
    assert len(await list_tickets(db)) == MOST_TICKETS


async def test_tickets_opened_at_once_are_counted_one_by_one(db: Database) -> None:
    call_id = await make_call(db)

    async def opened(number: int) -> None:
        await open_ticket(db, user_id="maya", call_id=call_id, subject="s", briefing="b", key=f"k{number}")

    results = await asyncio.gather(*(opened(number) for number in range(20)), return_exceptions=True)
    assert sum(isinstance(result, TooManyTicketsError) for result in results) == 20 - MOST_TICKETS
    assert len(await list_tickets(db)) == MOST_TICKETS


async def test_one_that_is_there_is_given_again_all_the_same(db: Database) -> None:
    call_id = await make_call(db)
    for number in range(MOST_TICKETS):
        await open_ticket(db, user_id="maya", call_id=call_id, subject="s", briefing="b", key=f"k{number}")
    with pytest.raises(TooManyTicketsError):
        await open_ticket(db, user_id="maya", call_id=call_id, subject="s", briefing="b", key="another")
    assert (await open_ticket(db, user_id="maya", call_id=call_id, subject="x", briefing="b", key="k0")).subject == "s"
