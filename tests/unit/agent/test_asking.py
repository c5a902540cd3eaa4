"""Typed text: it interrupts what may be interrupted, and waits for what may not."""

import asyncio
from typing import Any

import pytest
from livekit.agents import Agent, llm
from livekit.agents.voice import SpeechHandle
from tests.support.minds import Notes, Page, call_state, journal_into

from insta_voice.agent.asking import Asking


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


async def test_text_typed_over_an_answer_interrupts_it_at_once() -> None:
    session = Session(SpeechHandle.create(allow_interruptions=True))
    await asyncio.wait_for(await _type(session, "And my invoice?"), 5)
    assert session.happened == ["interrupted", "asked by text: And my invoice?"]
