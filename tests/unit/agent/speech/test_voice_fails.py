"""The voice fails in an answer: the record says what was heard, and not what was to be said."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from livekit import rtc
from livekit.agents import AgentSession
from tests.support.minds import Notes, Page, ScriptedMind, call_state, journal_into
from tests.support.sounds import Ear, FailingVoice, sound

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.prompts import sentence
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.calls import Turn

ANSWER = "Open the sign-in page and choose Forgot password."


class Kept:
    """In the place of the files: what was spoken ahead."""

    welcome = "Hello, whoever you are."

    def frames(self, text: str) -> Sequence[rtc.AudioFrame] | None:
        return None

    def sentence(self, name: str, variant: int = 0) -> Sequence[rtc.AudioFrame] | None:
        return [sound(0.5)] if name == "voice_away" else None


async def _answered(words: int, spare: Any) -> tuple[Turn, AgentSession[CallState]]:
    state, notes = call_state(), Notes()
    journal, recorder = journal_into(notes, Page())
    session = AgentSession[CallState](
        userdata=state,
        llm=ScriptedMind(ANSWER),
        tts=FailingVoice(words),
        vad=None,
        use_tts_aligned_transcript=True,
        tts_text_transforms=None,
    )
    session.output.audio = Ear()
    session.on("speech_created", journal.speech_created)
    writing = asyncio.create_task(recorder.run())
    await session.start(Assistant(state, journal, Speech(session, journal, state, spare)), record=False)
    handle = session.generate_reply(user_input="How do I reset my password?")
    await asyncio.wait_for(handle.wait_for_playout(), 10)
    await session.aclose()
    assert await recorder.flush(1)
    writing.cancel()
    [turn] = notes.turns
    return turn, session


def _apology() -> str:
    return sentence("voice_away", support_contact=call_state().settings.company.support_contact)


async def test_a_voice_that_fails_before_its_first_sound_leaves_an_apology_and_no_answer() -> None:
    turn, session = await _answered(0, Kept())
    assert (turn.kind, turn.mind, turn.sources, turn.interrupted) == ("apology", "app", (), False)
    assert turn.text == turn.heard == _apology()
    last = session.history.items[-1]
    assert last.type == "message"
    assert ANSWER not in (last.text_content or ""), "the mind is not to think that it was heard"


async def test_a_voice_that_fails_in_the_middle_was_heard_up_to_there() -> None:
    turn, _ = await _answered(4, Kept())
    assert (turn.kind, turn.text, turn.interrupted) == ("answer", ANSWER, True)
    assert turn.heard == "Open the sign-in page"


@pytest.mark.parametrize("words", [0, 4])
async def test_a_voice_that_fails_with_nothing_spoken_ahead_was_not_heard_to_the_end_either(words: int) -> None:
    turn, _ = await _answered(words, None)
    assert turn.interrupted
    assert len(turn.heard) < len(ANSWER)
