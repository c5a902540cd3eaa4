"""`get_user_account_info` as a model calls it, for somebody of whom nothing is known yet."""

import json

from tests.support.minds import ScriptedMind, call_state
from tests.support.one_turn import one_turn
from tests.support.records import ensure_profile

from insta_voice.agent.prompts import told as of_prompts
from insta_voice.db import Database


async def test_a_model_is_told_that_a_confirmed_address_would_bring_the_account(db: Database) -> None:
    await ensure_profile(db, user_id="maya", email="maya@acme.example", name="Maya", email_verified=False)
    state = call_state(db)
    mind = ScriptedMind(("get_user_account_info", {}), "Confirm your address first.")
    result = await one_turn(state, mind, "Which plan am I on?")

    [output] = [event.item for event in result.events if event.type == "function_call_output"]
    told = json.loads(output.output)
    assert told == {"name": "Maya", "email": "maya@acme.example", "email_not_confirmed": of_prompts("tool_unconfirmed")}
