"""A call whose model hears and speaks for itself: OpenAI's own plugin against a scripted OpenAI."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from livekit.agents import AgentSession, llm, stt
from tests.support.minds import Notes, Page, call_state, found, journal_into, passage
from tests.support.openai import (
    BROKEN,
    UNAUTHORIZED,
    Cut,
    Expired,
    Failed,
    Late,
    Overlap,
    ScriptedOpenAI,
    Stall,
    call,
    serving_openai,
)
from tests.support.openai.faults import Fault
from tests.support.openai.plugins import plugins
from tests.support.poll import eventually_async
from tests.support.sounds import Ear

from insta_voice.agent.asking import Asking
from insta_voice.agent.assistant import Assistant
from insta_voice.agent.failover import Failover
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.session import build_session
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.calls import Turn
from insta_voice.costs import Usage
from insta_voice.knowledge import Context, Evidence, Sentence

QUESTION = "How do I reset my password?"
STEP = "Open the sign-in page and choose Forgot password."


class Deaf:
    """In the place of the listener: these callers type."""

    async def listen(self, _: object) -> AsyncIterator[stt.SpeechEvent]:
        await asyncio.Event().wait()
        yield stt.SpeechEvent(stt.SpeechEventType.END_OF_SPEECH)


@dataclass
class Scene:
    openai: ScriptedOpenAI
    session: AgentSession[CallState]
    asking: Asking
    notes: Notes
    page: Page
    meter: Meter
    reported: asyncio.Event

    async def used(self, *, beyond: Usage | None = None) -> Usage:
        """What responses have used, once the next has said so."""
        async with asyncio.timeout(5):
            while self.meter.total.usages in ((), (beyond,)):
                self.reported.clear()
                await self.reported.wait()
        (used,) = self.meter.total.usages
        return used

    async def asks(self, text: str, number: int = 0) -> Turn:
        """Ask in writing; the assistant's turn of this number, once it is written."""
        await self.asking.typed(text)

        async def answered() -> Turn | None:
            answers = [turn for turn in self.notes.turns if turn.speaker == "assistant"]
            return answers[number] if len(answers) > number else None

        return await eventually_async(answered, within_s=15, what=f"{number + 1} turns of the assistant")


@asynccontextmanager
async def talking(
    *lines: str | llm.FunctionToolCall, delta_s: float = 0.0, search: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[Scene]:
    """`search` is waited for before evidence is there."""

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        if search is not None:
            await search()
        return found(heard, replace(passage(STEP), sentences=(Sentence(STEP, 0.95),)))

    state, notes, page, meter = call_state(gather=gather), Notes(), Page(), Meter({})
    journal, recorder = journal_into(notes, page)
    grounded = GroundedResponder("Tidewater", "help@example.org", False, 0.5, journal.decided)
    async with serving_openai(*lines, delta_s=delta_s) as openai, plugins(openai, "realtime") as providers:
        assert providers.realtime is not None
        journal.realtime_model = providers.realtime.model
        session = build_session(state, ears=providers.stt, mind=providers.realtime, voice=providers.tts)
        session.output.audio = Ear()
        speech, asking = Speech(session, journal, state), Asking(session, state, journal)

        def agent(said: llm.ChatContext | None = None, *minds: llm.LLM) -> Assistant:
            assistant = Assistant(state, journal, speech, said, minds=minds, meter=meter)
            assistant.listener = Deaf()  # type: ignore[assignment]
            return assistant

        first = agent()

        failover = Failover(session, journal, speech, lambda said: agent(said, grounded))
        asking.realtime_asked = failover.asked
        session.on("error", failover.session_error)
        session.on("speech_created", journal.speech_created)
        session.on("agent_state_changed", lambda event: event.new_state == "speaking" and journal.audible())
        reported = asyncio.Event()
        session.on("session_usage_updated", lambda _: reported.set())
        writing = asyncio.create_task(recorder.run())
        first.realtime_stalled = failover.stalled
        await session.start(first, record=False)
        try:
            yield Scene(openai, session, asking, notes, page, meter, reported)
        finally:
            await failover.aclose()
            await session.aclose()
            await recorder.flush(1)
            writing.cancel()


async def test_the_evidence_is_there_before_the_models_first_word_and_gone_with_its_answer() -> None:
    async with talking("Open the sign-in page.", "You are welcome.") as scene:
        turn = await scene.asks(QUESTION)
        await scene.asks("Thank you.", 1)
        first, second = scene.openai.prompts
    assert STEP in first.instructions
    assert "material, not instructions" in first.instructions
    assert not any(STEP in message.text for message in second.messages)
    assert (turn.mind, turn.kind, turn.heard) == ("gpt-realtime", "answer", "Open the sign-in page.")
    assert scene.page.sent[0] == ("sources", {"turn": turn.number, "quotes": [STEP]})


async def test_what_each_response_used_is_counted_from_the_first_on() -> None:
    async with talking("Open the sign-in page.", "You are welcome.") as scene:
        await scene.asks(QUESTION)
        first = await scene.used()
        await scene.asks("Thank you.", 1)
        both = await scene.used(beyond=first)
    assert (first.model, first.provider) == ("gpt-realtime", scene.openai.url.split("/")[2])
    assert first.text_input_tokens > 0
    assert first.audio_output_tokens > 0
    assert first.cached_text_input_tokens == 0
    assert both.audio_output_tokens > first.audio_output_tokens
    assert both.cached_text_input_tokens > 0, "what was said before is cached"


async def test_a_tool_is_called_and_its_answer_spoken_in_the_same_turn() -> None:
    async with talking(call("answer_from_company_kb", question=QUESTION), "Open the sign-in page.") as scene:
        turn = await scene.asks(QUESTION)
    assert (turn.mind, turn.heard) == ("gpt-realtime", "Open the sign-in page.")


@pytest.mark.parametrize(
    "fault",
    [BROKEN, UNAUTHORIZED, Overlap(), Late(), Cut(after=0), Expired(after=0), Failed(after=0)],
    ids=lambda fault: type(fault).__name__,
)
async def test_a_model_that_does_not_begin_is_replaced_in_the_same_turn(fault: Fault) -> None:
    async with talking("Open the sign-in page.") as scene:
        scene.openai.fail_always("response", fault)
        turn = await scene.asks(QUESTION)
        assert (turn.mind, turn.kind) == ("grounded", "answer")
        assert "Forgot password" in turn.text
        scene.openai.fail_always("response", None)
        again = await scene.asks("And how do I change my e-mail address?", 1)
    assert again.mind == "grounded"


@pytest.mark.parametrize("fault", [Stall(after=3), Cut(after=3), Expired(after=3), Failed(after=3)], ids=repr)
async def test_half_an_answer_is_followed_by_a_whole_one(fault: Fault) -> None:
    async with talking("Open the sign-in page and then do what it says there.", delta_s=0.05) as scene:
        scene.openai.fail("response", fault)
        await scene.asks(QUESTION, 2)
        half, sorry, whole = (turn for turn in scene.notes.turns if turn.speaker == "assistant")
    assert (half.mind, half.interrupted) == ("gpt-realtime", True)
    assert half.text.startswith(half.heard)
    assert half.heard.startswith("Open the sign-in")
    assert (sorry.kind, sorry.text) == ("apology", "Sorry, I lost my thread. Let me begin again.")
    assert (whole.mind, whole.kind) == ("grounded", "answer")
    assert "Forgot password" in whole.text


@pytest.mark.parametrize("goes_on", [True, False])
async def test_a_turn_that_goes_on_while_its_evidence_is_searched_is_not_answered_yet(goes_on: bool) -> None:
    searching, found_it = asyncio.Event(), asyncio.Event()

    async def search() -> None:
        searching.set()
        await found_it.wait()

    async with talking("Open the sign-in page.", search=search) as scene:
        asked = asyncio.create_task(scene.asking.spoken(QUESTION))
        await searching.wait()
        if goes_on:
            scene.asking.withdraw()
        found_it.set()
        assert await asked is not goes_on
        assert (scene.session.current_speech is None) is goes_on


async def test_an_order_that_is_refused_costs_no_answer() -> None:
    async with talking("Open the sign-in page, then choose Forgot password.", "Yes.", delta_s=0.05) as scene:
        session = await scene.openai.session()
        asked = asyncio.create_task(scene.asks(QUESTION))
        await session.until("response.output_audio.delta")
        refused = {"type": "invalid_request_error", "code": "invalid_value", "message": "Too late.", "param": None}
        await session.send("error", error={**refused, "event_id": "event_1"})
        assert (await asked).mind == "gpt-realtime"
        assert (await scene.asks("Is that all?", 1)).mind == "gpt-realtime"


async def test_a_connection_that_is_lost_for_good_is_replaced() -> None:
    async with talking() as scene:
        connection = await scene.openai.session()
        scene.openai.fail_always("realtime", UNAUTHORIZED)
        connection.cut()
        turn = await scene.asks(QUESTION)
    assert (turn.mind, turn.kind) == ("grounded", "answer")


async def test_a_connection_that_is_lost_between_two_turns_is_not_noticed() -> None:
    async with talking("Open the sign-in page.", "You are welcome.") as scene:
        await scene.asks(QUESTION)
        (await scene.openai.session()).cut()
        await scene.openai.session(1)
        turn = await scene.asks("Thank you.", 1)
    assert (turn.mind, turn.heard) == ("gpt-realtime", "You are welcome.")
