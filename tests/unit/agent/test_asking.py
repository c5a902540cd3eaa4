"""Typed text: it interrupts what may be interrupted, and waits for what may not."""

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from livekit.agents import Agent, llm
from livekit.agents.voice import SpeechHandle
from tests.support.minds import Notes, Page, call_state, found, journal_into, passage

from insta_voice.agent.asking import Asking
from insta_voice.knowledge import Context, Evidence
from insta_voice.voice.realtime import RealtimeSession


class Session:
    """Speaks one sentence; like LiveKit's, it refuses to be interrupted in one that is said to its end."""

    def __init__(self, speech: SpeechHandle) -> None:
        self.current_speech: SpeechHandle | None = speech
        self.happened: list[str] = []
        self.llm: llm.LLM[Any] | None = None
        self.current_agent = Agent(instructions="")

    async def _interrupt(self) -> None:
        if self.current_speech is not None and not self.current_speech.allow_interruptions:
            raise RuntimeError("This generation handle does not allow interruptions")

    def interrupt(self) -> Any:
        self.happened.append("interrupted")
        return self._interrupt()

    def generate_reply(self, *, user_input: str, input_modality: str) -> None:
        self.happened.append(f"asked by {input_modality}: {user_input}")

    def say_to_the_end(self) -> None:
        assert self.current_speech is not None
        self.happened.append("said to its end")
        self.current_speech._mark_done()
        asyncio.get_running_loop().call_soon(setattr, self, "current_speech", None)


class Realtime(Session):
    """Answers with a realtime model, whose connection is `model`; gone, as while another mind takes over, without."""

    def __init__(self, model: RealtimeSession | None) -> None:
        super().__init__(SpeechHandle.create())
        self.llm = Mock(spec=llm.RealtimeModel)
        if model is not None:
            self.current_agent = SimpleNamespace(llm=None, realtime_llm_session=model)  # type: ignore[assignment]
        self.journal, _ = journal_into(Notes(), Page())

    async def commit_user_turn(self, **wanted: Any) -> None:
        self.happened.append("written down")

    def generate_reply(self, **wanted: Any) -> None:
        self.happened.append("asked")
        event: Any = SimpleNamespace(source="generate_reply", speech_handle=SpeechHandle.create())
        self.journal.speech_created(event)


async def _type(session: Session, text: str) -> asyncio.Task[Any]:
    journal, _ = journal_into(Notes(), Page())
    asking = Asking(session, call_state(), journal)  # type: ignore[arg-type]
    typing = asyncio.create_task(asking.typed(text))
    for _ in range(5):
        await asyncio.sleep(0)
    return typing


@pytest.fixture
async def to_the_end() -> SpeechHandle:
    return SpeechHandle.create(allow_interruptions=False)


async def test_text_typed_over_what_is_said_to_its_end_is_answered_afterwards(to_the_end: SpeechHandle) -> None:
    session = Session(to_the_end)
    typing = await _type(session, "And my invoice?")
    assert session.happened == []
    session.say_to_the_end()
    await asyncio.wait_for(typing, 5)
    assert session.happened == ["said to its end", "interrupted", "asked by text: And my invoice?"]


async def test_what_was_asked_is_put_to_whoever_answers_when_the_connection_goes_meanwhile() -> None:
    session = Realtime(None)
    asking = Asking(session, call_state(), session.journal)  # type: ignore[arg-type]
    assert await asking.spoken("How do I sign in?")
    assert session.happened == ["written down", "asked"]


@pytest.mark.parametrize("goes_on", [False, True])
async def test_a_model_is_told_the_words_of_a_turn_that_stands(goes_on: bool) -> None:
    model = Mock(spec=RealtimeSession)
    session = Realtime(model)

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        if goes_on:
            asking.withdraw()
        return found(heard, passage())

    asking = Asking(session, call_state(gather=gather), session.journal)  # type: ignore[arg-type]
    assert await asking.spoken("How do I sign in?") is not goes_on
    assert [told.args for told in model.heard.call_args_list] == ([] if goes_on else [("How do I sign in?",)])


async def test_text_typed_over_an_answer_interrupts_it_at_once() -> None:
    session = Session(SpeechHandle.create(allow_interruptions=True))
    await asyncio.wait_for(await _type(session, "And my invoice?"), 5)
    assert session.happened == ["interrupted", "asked by text: And my invoice?"]
