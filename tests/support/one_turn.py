"""A single turn of a scripted mind with the product's own tools, without a room: what they do is in the database."""

from livekit.agents import AgentSession
from livekit.agents.voice.run_result import RunResult
from tests.support.minds import Notes, Page, ScriptedMind, journal_into

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState


async def one_turn(state: CallState, mind: ScriptedMind, said: str, *, max_tool_steps: int = 3) -> RunResult:
    """Say `said` to it, and give what it said and called."""
    journal, _ = journal_into(Notes(), Page())
    session = AgentSession[CallState](userdata=state, llm=mind, vad=None, max_tool_steps=max_tool_steps)
    session.on("speech_created", journal.speech_created)
    await session.start(Assistant(state, journal, Speech(session, journal, state)), record=False)
    result = await session.run(user_input=said)
    await session.aclose()
    return result
