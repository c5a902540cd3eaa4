"""A call whose budget is spent lands softly: no word of it is cut, and what it promises is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from livekit.agents import AgentSession
from tests.support.minds import Notes, Page, ScriptedMind, call_state, found, journal_into, passage
from tests.support.sounds import Ear, FailingVoice
from tests.support.virtual_clock import on_virtual_clock, run_virtual

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.endings import Ending, Reason
from insta_voice.agent.prompts import sentence
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.agent.wrap_up import parting_sentence, until_quiet
from insta_voice.db import Database
from insta_voice.knowledge import Context, Evidence

ANSWER = "Open the sign-in page, choose Forgot password, and follow the link in the mail that you get."


@dataclass
class Scene:
    session: AgentSession[CallState]
    speech: Speech
    notes: Notes


@asynccontextmanager
async def talking() -> AsyncIterator[Scene]:
    """A session with a voice that takes its time and an ear that hears all of it."""

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        return found(heard, passage(ANSWER))

    state, notes = call_state(gather=gather), Notes()
    journal, recorder = journal_into(notes, Page())
    session = AgentSession[CallState](
        userdata=state,
        llm=ScriptedMind(ANSWER),
        tts=FailingVoice(words=10_000),
        vad=None,
        use_tts_aligned_transcript=True,
        tts_text_transforms=None,
    )
    session.output.audio = Ear()
    session.on("speech_created", journal.speech_created)
    writing = asyncio.create_task(recorder.run())
    speech = Speech(session, journal, state)
    await session.start(Assistant(state, journal, speech), record=False)
    try:
        yield Scene(session, speech, notes)
    finally:
        await session.aclose()
        await recorder.flush(1)
        writing.cancel()


@on_virtual_clock
async def test_a_budget_spent_in_the_middle_of_an_answer_cuts_no_word_of_it() -> None:
    meter = Meter({})
    async with talking() as scene:
        speaking = asyncio.Event()
        scene.session.on("agent_state_changed", lambda event: event.new_state == "speaking" and speaking.set())

        async def finish(reason: Reason) -> None:
            await until_quiet(scene.speech)
            await scene.speech.goodbye(await parting_sentence(scene.session.userdata)).wait_for_playout()

        ending = Ending(finish)
        answer = scene.session.generate_reply(user_input="How do I reset my password?")
        await asyncio.wait_for(speaking.wait(), 5)
        meter.limit(Decimal(0), lambda: ending.begin("budget"))
        assert ending.reason == "budget"
        assert not answer.done(), "or else there was nothing to cut"
        await asyncio.wait_for(ending.wait(), 10)
    answered, goodbye = scene.notes.turns
    assert (answered.heard, answered.interrupted) == (ANSWER, False)
    contact = scene.session.userdata.settings.company.support_contact
    assert goodbye.heard == sentence("budget_goodbye_contact", support_contact=contact)
    assert (goodbye.kind, goodbye.interrupted) == ("goodbye", False)


class Talk:
    """Whether somebody speaks, by the clock: quiet from `after_s` on, but for a breath at `breath_at_s`."""

    def __init__(self, clock: Any, *, after_s: float, breath_at_s: float = 0.0) -> None:
        self._now_s, self._began_s = clock, clock()
        self._after_s, self._breath_at_s = after_s, breath_at_s

    def quiet(self) -> bool:
        passed_s = self._now_s() - self._began_s
        return passed_s >= self._after_s or self._breath_at_s <= passed_s < self._breath_at_s + 0.3


@pytest.mark.parametrize(("after_s", "waited_s"), [(0.0, 0.5), (8.0, 8.5), (1000.0, 30.0)])
def test_whoever_speaks_is_heard_to_the_end_but_not_for_ever(after_s: float, waited_s: float) -> None:
    async def scene() -> float:
        clock = asyncio.get_running_loop().time
        began = clock()
        await until_quiet(Talk(clock, after_s=after_s, breath_at_s=4.0))  # type: ignore[arg-type]
        return clock() - began

    assert run_virtual(scene()) == pytest.approx(waited_s, abs=0.1)


async def test_without_a_database_nobody_is_promised_a_letter() -> None:
    assert await parting_sentence(call_state(can_deliver_tickets=True)) == "budget_goodbye_contact"


@on_virtual_clock
async def test_a_database_that_hangs_holds_the_goodbye_up_for_four_seconds_at_most() -> None:
    over = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with Database(f"postgresql://nobody@127.0.0.1:{port}/none") as db:
            clock = asyncio.get_running_loop().time
            began = clock()
            state = call_state(db, can_deliver_tickets=True)
            assert await parting_sentence(state) == "budget_goodbye_contact"
            assert clock() - began == pytest.approx(4)
        over.set()
