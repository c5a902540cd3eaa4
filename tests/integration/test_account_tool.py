"""`get_user_account_info` as a model calls it, for somebody of whom nothing is known yet."""

import json

from livekit.agents import AgentSession
from tests.support.minds import Notes, Page, ScriptedMind, call_state, journal_into
from tests.support.records import ensure_profile

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.prompts import sentence
from insta_voice.agent.speech import Speech
from insta_voice.agent.state import CallState
from insta_voice.db import Database


async def test_a_model_is_told_that_a_confirmed_address_would_bring_the_account(db: Database) -> None:
    await ensure_profile(db, user_id="maya", email="maya@acme.example", name="Maya", email_verified=False)
    state = call_state(db)
    mind = ScriptedMind(("get_user_account_info", {}), "Confirm your address first.")
    journal, _ = journal_into(Notes(), Page())
    session = AgentSession[CallState](userdata=state, llm=mind, vad=None)
    session.on("speech_created", journal.speech_created)
    await session.start(Assistant(state, journal, Speech(session, journal, state)), record=False)
    result = await session.run(user_input="Which plan am I on?")
    await session.aclose()

    [output] = [event.item for event in result.events if event.type == "function_call_output"]
    told = json.loads(output.output)
    assert told == {"name": "Maya", "email": "maya@acme.example", "email_not_confirmed": sentence("tool_unconfirmed")}
