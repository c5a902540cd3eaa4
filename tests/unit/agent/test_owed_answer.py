"""The answer that an assistant owes when it takes over: its caller has waited for another's already."""

import asyncio

from livekit.agents import AgentSession, llm
from tests.support.minds import Notes, Page, ScriptedMind, call_state, found, journal_into, passage
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.knowledge import Context, Evidence

QUESTION = "How do I reset my password?"
WAITED_S, THINKS_S = 3.0, 0.5


async def search(heard: str, context: Context) -> tuple[Evidence, ...]:
    await asyncio.sleep(THINKS_S)
    return found(heard, passage())


@on_virtual_clock
async def test_only_the_answer_that_is_owed_is_waited_for_no_longer() -> None:
    """A mind that is far away and thinks for half a second: the next question is worth that wait."""
    state = call_state(gather=search)
    notes = Notes()
    journal, recorder = journal_into(notes, Page())
    session = AgentSession[CallState](userdata=state, vad=None)
    session.on("speech_created", journal.speech_created)
    writing = asyncio.create_task(recorder.run())
    asked = llm.ChatContext([llm.ChatMessage(role="user", content=[QUESTION])])
    mind = ScriptedMind("Open the sign-in page.", "You are welcome.")
    assistant = Assistant(state, journal, Speech(session, journal, state), minds=[mind], said_before=asked)
    assistant.owes_answer = True
    journal.caller_said(QUESTION, kind="question", timings_ms={"endpointing_ms": WAITED_S * 1000})
    await session.start(assistant, record=False)
    while len(notes.turns) < 2:
        await notes.more()
    await session.run(user_input="Thank you.")
    while len(notes.turns) < 3:
        await notes.more()
    await session.aclose()
    writing.cancel()
    assert [turn.text for turn in notes.turns] == [
        QUESTION,
        "One moment, please. Open the sign-in page.",
        "You are welcome.",
    ]
