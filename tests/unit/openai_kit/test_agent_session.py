"""What LiveKit's agent session makes of a part that fails: its own plugins, and nothing of ours around them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest
from livekit import rtc
from livekit.agents import Agent, AgentSession
from livekit.agents.voice import SpeechHandle
from livekit.plugins.openai import LLM, TTS
from livekit.plugins.openai.realtime import RealtimeModel
from tests.support.openai import UNAUTHORIZED, ScriptedOpenAI, serving_openai
from tests.support.openai.facts import FAULTS, REALTIME_FAULTS, TEXT, rows
from tests.support.openai.server import Where
from tests.support.sounds import Ear
from tests.support.virtual_clock import run_virtual

PLACES: dict[str, Where] = {"language model": "chat", "voice": "speech", "Realtime": "response"}


class Listening(Ear):
    """Counts what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.total_s = 0.0

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        self.total_s += frame.duration
        await super().capture_frame(frame)


@asynccontextmanager
async def conversing(openai: ScriptedOpenAI, *, realtime: bool) -> AsyncIterator[AgentSession[Any]]:
    """A session with an ear, and an agent without tools."""
    async with AsyncExitStack() as stack:
        voice = TTS(response_format="pcm", **openai.address)
        stack.push_async_callback(voice.aclose)
        mind = RealtimeModel(turn_detection=None, **openai.address) if realtime else LLM(**openai.address)
        stack.push_async_callback(mind.aclose)
        session: AgentSession[Any] = AgentSession(llm=mind, tts=voice, vad=None)
        session.output.audio = Listening()
        await session.start(Agent(instructions="Be brief."), record=False)
        try:
            yield session
        finally:
            with suppress(Exception):  # what ended the Realtime session
                await session.aclose()


async def _asked(session: AgentSession[Any]) -> SpeechHandle:
    handle = session.generate_reply(user_input="How is the weather?")
    await handle.wait_for_playout()
    return handle


async def _turn(place: str, what: str) -> list[str]:
    async with serving_openai(*[TEXT] * 3) as openai:
        always = what.endswith(" every time")
        fault = {**FAULTS, **REALTIME_FAULTS}[what.removesuffix(" every time")]
        (openai.fail_always if always else openai.fail)(PLACES[place], fault)
        async with conversing(openai, realtime=place == "Realtime") as session:
            ear = session.output.audio
            assert isinstance(ear, Listening)
            handle = await _asked(session)
            said = [item for item in session.history.items if item.type == "message" and item.role == "assistant"]
            history = " ".join(f"“{item.text_content}”{', interrupted' * item.interrupted}" for item in said)
            error = handle.exception()
            end = f"`{type(error).__name__}`" if error else "interrupted" if handle.interrupted else "done"
            await asyncio.sleep(1)  # a session that ends takes a moment to
            try:
                session.generate_reply(user_input="And tomorrow?")
            except RuntimeError:
                return [f"{ear.total_s:.1f} s", history or "nothing", end, "is over"]
            return [f"{ear.total_s:.1f} s", history or "nothing", end, "goes on"]


ROWS = rows("In an agent session")


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_turn_that_fails(row: list[str]) -> None:
    place, _, what = row[0].partition(": ")
    assert run_virtual(_turn(place, what)) == row[1:]


@pytest.mark.parametrize("part", ["chat", "speech"])
def test_the_fourth_turn_in_a_row_that_fails_ends_the_session(part: Where) -> None:
    async def scene() -> None:
        async with serving_openai(*[TEXT] * 4) as openai:
            openai.fail_always(part, UNAUTHORIZED)
            async with conversing(openai, realtime=False) as session:
                closed = asyncio.Event()
                session.on("close", lambda _: closed.set())
                for _ in range(3):
                    await _asked(session)
                await asyncio.sleep(1)
                assert not closed.is_set()
                await _asked(session)
                await closed.wait()

    run_virtual(scene())


def test_a_handler_that_calls_the_error_recoverable_keeps_the_session() -> None:
    async def scene() -> None:
        async with serving_openai() as openai:
            openai.fail_always("realtime", UNAUTHORIZED)
            async with conversing(openai, realtime=True) as session:
                ended = asyncio.Event()

                def keep(event: Any) -> None:
                    if not event.error.recoverable:
                        event.error.recoverable = True
                        ended.set()

                session.on("error", keep)
                await ended.wait()
                started = asyncio.get_running_loop().time()
                assert (await _asked(session)).exception() is not None
                # Five for the context that nobody takes, ten for the reply that nobody begins.
                assert asyncio.get_running_loop().time() - started == pytest.approx(15)

    run_virtual(scene())
