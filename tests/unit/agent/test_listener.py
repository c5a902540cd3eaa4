"""What the listener tells the turn engine about the answer under way, in a real session without audio."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from livekit.agents import AgentSession, APIConnectionError, llm, stt
from tests.support.memory_call.mouth import Loudness, SureEnd
from tests.support.minds import Notes, Page, ScriptedMind, call_state, found, journal_into, mind_is_away, passage
from tests.support.turns import Turns

from insta_voice.agent.ahead import Ahead
from insta_voice.agent.asking import Asking
from insta_voice.agent.assistant import Assistant
from insta_voice.agent.listener import Listener
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.agent.turns.ports import Ended
from insta_voice.knowledge import Context, Evidence

QUESTION = "How do I reset my password?"


class Session(AgentSession[CallState]):
    """Without audio there is nothing to commit: the mind is asked as the commit would ask it."""

    def commit_user_turn(self, **_: Any) -> asyncio.Future[str]:  # type: ignore[override]
        self.generate_reply(user_input=QUESTION)
        committed = asyncio.get_running_loop().create_future()
        committed.set_result(QUESTION)
        return committed


@dataclass
class Scene:
    turns: Turns
    session: Session
    asked: asyncio.Event  # the mind's evidence is being searched
    go_on: asyncio.Event
    transcripts: list[stt.SpeechEvent]  # as the session is given them

    async def ask(self) -> None:
        self.turns.ended.put_nowait(Ended(QUESTION, QUESTION))
        await self.asked.wait()

    async def answered(self) -> None:
        reply = self.session.current_speech
        assert reply is not None
        self.go_on.set()
        await reply.wait_for_playout()


@asynccontextmanager
async def listening(mind: llm.LLM[Any]) -> AsyncIterator[Scene]:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        asked.set()
        await go_on.wait()
        return found(heard, passage())

    state = call_state(gather=gather)
    journal, _ = journal_into(Notes(), Page())
    session = Session(userdata=state, llm=mind, vad=None)
    session.on("speech_created", journal.speech_created)
    speech, turns = Speech(session, journal, state), Turns()
    asking = Asking(session, state, journal)
    ahead = Ahead(state.evidence, llm.ChatContext.empty, [])
    listener = Listener(session, turns, SureEnd(), Loudness(), journal, speech, asking, ahead)
    await session.start(Assistant(state, journal, speech), record=False)

    transcripts: list[stt.SpeechEvent] = []

    async def listen() -> None:
        async for transcript in listener.listen(None):  # type: ignore[arg-type]
            transcripts.append(transcript)  # noqa: PERF401 (each as it comes)

    hearing = asyncio.create_task(listen())
    try:
        yield Scene(turns, session, asked, go_on, transcripts)
    finally:
        hearing.cancel()
        await session.aclose()


async def test_an_answer_is_pending_from_the_end_of_the_turn_until_it_is_given() -> None:
    async with listening(ScriptedMind("Open the sign-in page.")) as scene:
        assert not scene.turns.reply_pending()
        await scene.ask()
        assert scene.turns.reply_pending()
        await scene.answered()
        assert not scene.turns.reply_pending()


async def test_an_answer_that_failed_is_no_longer_pending() -> None:
    async with listening(ScriptedMind(mind_is_away())) as scene:
        await scene.ask()
        assert scene.turns.reply_pending()
        await scene.answered()
        assert not scene.turns.reply_pending()


async def test_a_mind_that_fails_again_and_again_does_not_end_the_session() -> None:
    """LiveKit ends it at the fourth failure, guesses among them, whoever stands in."""
    mind = ScriptedMind("Open the sign-in page.")
    async with listening(mind) as scene:
        closed = asyncio.Event()
        scene.session.on("close", lambda _: closed.set())
        for _ in range(6):
            failed = APIConnectionError()
            mind.emit("error", llm.LLMError(timestamp=0.0, label="mind", error=failed, recoverable=False))
        await scene.ask()
        await scene.answered()
        assert not closed.is_set()


@pytest.mark.parametrize(("confidence", "given"), [(None, 1.0), (0.0, 0.0), (0.4, 0.4)])
async def test_a_recogniser_that_does_not_judge_itself_is_believed(confidence: float | None, given: float) -> None:
    """OpenAI's says nothing of its confidence; as 0 it had the grounded mind ask every caller to say it again."""
    async with listening(ScriptedMind("Open the sign-in page.")) as scene:
        scene.go_on.set()
        scene.turns.ended.put_nowait(Ended(QUESTION, QUESTION, confidence))
        await scene.asked.wait()
    [transcript] = scene.transcripts
    assert transcript.alternatives[0].confidence == given


async def test_the_answer_to_what_was_typed_afterwards_holds_no_spoken_question_open() -> None:
    async with listening(ScriptedMind("Open the sign-in page.", "It costs nothing.")) as scene:
        await scene.ask()
        await scene.session.interrupt()
        typed = scene.session.generate_reply(user_input="What does it cost?", input_modality="text")
        assert not typed.done()
        assert not scene.turns.reply_pending()
        scene.go_on.set()
        await typed.wait_for_playout()
