"""A single turn of a mind with the product's own tools, without a room: what they do is in the database."""

from typing import Any

from livekit.agents import NOT_GIVEN, AgentSession, llm, tts
from livekit.agents.voice.run_result import RunResult
from tests.support.minds import Notes, Page, journal_into
from tests.support.sounds import Ear

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState


async def one_turn(
    state: CallState, mind: llm.LLM[Any], said: str, *, voice: tts.TTS[Any] | None = None, max_tool_steps: int = 3
) -> RunResult:
    """Say `said` to it, and give what it said and called; with a `voice` it is also spoken, to an ear."""
    journal, _ = journal_into(Notes(), Page())
    session = AgentSession[CallState](
        userdata=state, llm=mind, tts=voice or NOT_GIVEN, vad=None, max_tool_steps=max_tool_steps
    )
    if voice:
        session.output.audio = Ear()
    session.on("speech_created", journal.speech_created)
    await session.start(Assistant(state, journal, Speech(session, journal, state)), record=False)
    result = await session.run(user_input=said)
    await session.aclose()
    return result
