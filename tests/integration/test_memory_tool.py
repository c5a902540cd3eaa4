"""`summarize_interaction_for_next_session` as a model calls it: what it says is what the next call begins with."""

from livekit.agents import AgentSession
from tests.support.minds import Notes, Page, ScriptedMind, call_state, journal_into
from tests.support.records import make_call

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.speech import Speech
from insta_voice.agent.state import CallState
from insta_voice.customers import last_summary
from insta_voice.db import Database


async def test_what_the_model_summarises_is_remembered_for_the_caller(db: Database) -> None:
    state = call_state(db)
    state.call_id = await make_call(db, "maya")
    summary = {"summary": " Asked about seats. ", "open_question": "Can we pay by invoice?", "solved": False}
    mind = ScriptedMind(("summarize_interaction_for_next_session", summary), "Goodbye.")
    journal, _ = journal_into(Notes(), Page())
    session = AgentSession[CallState](userdata=state, llm=mind, vad=None)
    session.on("speech_created", journal.speech_created)
    await session.start(Assistant(state, journal, Speech(session, journal, state)), record=False)
    await session.run(user_input="That was all.")
    await session.aclose()

    remembered = await last_summary(db, "maya")
    assert remembered is not None
    assert (remembered.call_id, remembered.summary) == (state.call_id, "Asked about seats.")
    assert (remembered.open_question, remembered.solved) == ("Can we pay by invoice?", False)
