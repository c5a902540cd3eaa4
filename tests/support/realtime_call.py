"""A call whose model hears and speaks for itself, without a room: OpenAI's own plugin and a scripted OpenAI."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from livekit.agents import AgentSession, llm
from tests.support.memory_call.mouth import Loudness, SureEnd
from tests.support.minds import Notes, Page, call_state, channel_to, found, passage
from tests.support.openai import ScriptedOpenAI, serving_openai
from tests.support.openai.plugins import plugins
from tests.support.openai.script import Line, Mind
from tests.support.sounds import Ear, loud, sound
from tests.support.turns import Turns

from insta_voice.agent.ahead import Ahead
from insta_voice.agent.asking import Asking
from insta_voice.agent.dialogue import Dialogue
from insta_voice.agent.failover import Failover
from insta_voice.agent.listener import Listener
from insta_voice.agent.minds import Minds
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.record.recorder import Recorder
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.state import CallState
from insta_voice.agent.turns.ports import Ended
from insta_voice.calls import Turn
from insta_voice.costs import Usage
from insta_voice.knowledge import Context, Evidence, Sentence
from insta_voice.voice.breaker import Breakers

QUESTION = "How do I reset my password?"
STEP = "Open the sign-in page and choose Forgot password."
_SPOKEN_S, _ENDED_BY_S = 0.5, 0.7  # the server waits for 0.5 s of silence


@dataclass
class Scene:
    """Who types uses `asks`, who speaks `says`."""

    openai: ScriptedOpenAI
    session: AgentSession[CallState]
    asking: Asking
    turns: Turns
    notes: Notes
    page: Page
    meter: Meter
    reported: asyncio.Event

    def says(self, text: str) -> None:
        """A spoken turn that is over: its sound is with the model, its words are recognised."""
        self.session.current_agent.realtime_llm_session.push_audio(sound(0.5))
        self.turns.ended.put_nowait(Ended(text, text))

    def speaks(self, text: str) -> None:
        """The caller says it, and the model's server notices that it is over."""
        self.openai.hears(text)
        self.begins_to_speak()
        self.session.current_agent.realtime_llm_session.push_audio(sound(_ENDED_BY_S))

    def begins_to_speak(self) -> None:
        """The model's server hears a voice, and not its end."""
        self.session.current_agent.realtime_llm_session.push_audio(loud(_SPOKEN_S))

    async def asks(self, text: str, number: int = 0) -> Turn:
        """Ask in writing; the assistant's turn of this number, once it is written."""
        await self.asking.typed(text)
        return await self.answered(number)

    async def answered(self, number: int) -> Turn:
        """The assistant's turn of this number, once it is written."""
        async with asyncio.timeout(15):
            while len(answers := [turn for turn in self.notes.turns if turn.speaker == "assistant"]) <= number:
                await self.notes.more()
        return answers[number]

    async def used(self, *, beyond: Usage | None = None) -> Usage:
        """What responses have used, once the next has said so."""
        async with asyncio.timeout(5):
            while self.meter.total.usages in ((), (beyond,)):
                self.reported.clear()
                await self.reported.wait()
        (used,) = self.meter.total.usages
        return used


@asynccontextmanager
async def talking(
    *lines: Line,
    mind: Mind | None = None,
    delta_s: float = 0.0,
    search: Callable[[], Awaitable[None]] | None = None,
    stand_in: llm.LLM[Any] | None = None,
    settings: Mapping[str, str] | None = None,
    breakers: Breakers | None = None,
    turn_detection: str = "ours",
    ear: Ear | None = None,
    **known: Any,
) -> AsyncIterator[Scene]:
    """The model says `lines`, or what `mind` says. `search` is waited for before evidence is there; `stand_in` is
    behind the model, the grounded responder else; calls with the same `breakers` share what they know of it; `known` is
    what the call knows beside that. With the server's `turn_detection` who speaks uses `speaks`.
    """

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        if search is not None:
            await search()
        return found(heard, replace(passage(STEP), sentences=(Sentence(STEP, 0.95),)))

    state, notes, page = call_state(gather=gather, settings=settings, **known), Notes(), Page()
    turns, recorder = Turns(), Recorder(notes.write, next_number=1)
    grounded = GroundedResponder("Tidewater", "help@example.org", False, 0.5)
    async with (
        serving_openai(*lines, mind=mind, delta_s=delta_s) as openai,
        plugins(openai, "realtime", OPENAI_REALTIME_TURN_DETECTION=turn_detection) as providers,
    ):
        assert providers.realtime is not None
        minds = Minds(providers.realtime, (stand_in or grounded,), grounded, Meter({}), breakers=breakers or Breakers())
        dialogue = Dialogue(state, minds, recorder, channel_to(page), ears=providers.stt, voice=providers.tts)
        session, journal, speech, asking = dialogue.session, dialogue.journal, dialogue.speech, dialogue.asking
        session.output.audio = ear or Ear()
        if (server_turns := dialogue.server_turns) is not None:
            speech.caller_speaking = lambda: server_turns.speaking
        first = dialogue.assistant
        ahead = Ahead(state.evidence, llm.ChatContext.empty, [])
        first.listener = Listener(session, turns, SureEnd(), Loudness(), journal, speech, asking, ahead)
        failover = Failover(dialogue)
        session.on(
            "agent_state_changed",
            lambda event: event.new_state == "speaking" and journal.audible(session.current_speech),
        )
        reported = asyncio.Event()
        session.on("session_usage_updated", lambda _: reported.set())
        writing = asyncio.create_task(recorder.run())
        await session.start(first, record=False)
        try:
            yield Scene(openai, session, asking, turns, notes, page, minds.meter, reported)
        finally:
            await failover.aclose()
            await session.aclose()
            await recorder.flush(1)
            writing.cancel()
