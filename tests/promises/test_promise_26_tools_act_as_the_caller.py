"""Promise 26: a tool acts as the caller; no tool takes a user id, SQL or a free URL."""

import json
import uuid

import pytest
from livekit.agents import llm
from tests.support.minds import ScriptedMind, call_state
from tests.support.one_turn import one_turn
from tests.support.records import make_call, make_user

from insta_voice.agent.tools import TOOLS
from insta_voice.calls import list_tickets
from insta_voice.customers import last_summary
from insta_voice.db import Database

# All that a model may decide: words. Identity, addresses and statements come from the call.
ALLOWED = {
    "get_user_account_info": {},
    "answer_from_company_kb": {"question": "string"},
    "open_ticket": {"subject": "string"},
    "summarize_interaction_for_next_session": {"summary": "string", "open_question": "string", "solved": "boolean"},
}


def test_the_tools_take_nothing_but_words() -> None:
    tools = [tool["function"] for tool in llm.ToolContext(TOOLS).parse_function_tools("openai")]
    schemas = {tool["name"]: tool["parameters"] for tool in tools}
    assert {
        name: {field: _type(spec["type"]) for field, spec in schema.get("properties", {}).items()}
        for name, schema in schemas.items()
    } == ALLOWED


def _type(declared: str | list[str]) -> str:
    return declared if isinstance(declared, str) else next(name for name in declared if name != "null")


@pytest.mark.parametrize(
    "smuggled", [{"user_id": "leo"}, {"call_id": str(uuid.uuid4())}, {"url": "http://127.0.0.1/"}, {"sql": "select 1"}]
)
async def test_what_a_model_smuggles_in_changes_nothing(db: Database, smuggled: dict[str, str]) -> None:
    await make_user(db, "leo")
    call_id = await make_call(db, "maya")
    summary = {"summary": "Asked about seats.", "open_question": "", "solved": True}
    mind = ScriptedMind(
        ("get_user_account_info", smuggled),
        ("open_ticket", {"subject": "My invoice is wrong", **smuggled}),
        ("summarize_interaction_for_next_session", {**summary, **smuggled}),
        "Done.",
    )
    state = call_state(db, can_deliver_tickets=True)
    state.call_id = call_id
    result = await one_turn(state, mind, "Show me somebody else's account", max_tool_steps=4)

    outputs = [event.item for event in result.events if event.type == "function_call_output"]
    assert [output.name for output in outputs] == [
        "get_user_account_info",
        "open_ticket",
        "summarize_interaction_for_next_session",
    ]
    assert [output.output for output in outputs if output.is_error] == []
    assert json.loads(outputs[0].output)["email"] == "maya@example.org"
    assert not any("leo" in output.output for output in outputs)
    assert [(ticket.user_id, ticket.call_id) for ticket in await list_tickets(db)] == [("maya", call_id)]
    remembered = await last_summary(db, "maya")
    assert remembered is not None
    assert (remembered.call_id, remembered.summary) == (call_id, "Asked about seats.")
    assert await last_summary(db, "leo") is None


async def test_a_ticket_asked_for_twice_is_one_ticket(db: Database) -> None:
    """Interrupted tools are known to run twice."""
    call_id = await make_call(db, "maya")
    mind = ScriptedMind(
        ("open_ticket", {"subject": "My invoice is wrong"}),
        ("open_ticket", {"subject": "my invoice  is wrong"}),
        "Done.",
    )
    state = call_state(db, can_deliver_tickets=True)
    state.call_id = call_id
    await one_turn(state, mind, "Open a ticket")
    assert [ticket.subject for ticket in await list_tickets(db)] == ["My invoice is wrong"]
