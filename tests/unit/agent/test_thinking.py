"""A mind that fails is replaced in the same turn: by the grounded responder in the end, which needs nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from livekit.agents import AgentSession, APIConnectionError, APIError, APIStatusError, ModelSettings, llm
from tests.support.minds import Notes, Page, ScriptedMind, call_state, found, journal_into, mind_is_away, passage
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.agent.thinking import FIRST_WORD_WITHIN_S, Thinking
from insta_voice.calls import Turn
from insta_voice.knowledge import Context, Evidence, Sentence

QUESTION = "How do I reset my password?"


def evidence(heard: str) -> tuple[Evidence, ...]:
    text = "Open the sign-in page and choose Forgot password."
    answers = replace(passage(text), sentences=(Sentence(text, 0.95),))
    beside = replace(passage("Choose a long one.", "Choose a password"), article_id="a-2", sentences=())
    return found(heard, answers, beside)


@asynccontextmanager
async def talking(*minds: llm.LLM) -> AsyncIterator[tuple[AgentSession[CallState], Notes, Page]]:
    """A session whose first mind has the others behind it."""

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        return evidence(heard)

    state, notes, page = call_state(gather=gather), Notes(), Page()
    journal, recorder = journal_into(notes, page)
    journal.stand_in.own_mind = minds[0].model
    for mind in minds:
        if isinstance(mind, GroundedResponder):
            mind.on_decision = journal.decided
    session = AgentSession[CallState](userdata=state, llm=minds[0], vad=None)
    session.on("speech_created", journal.speech_created)
    writing = asyncio.create_task(recorder.run())
    speech = Speech(session, journal, state)
    await session.start(Assistant(state, journal, speech, minds=minds), record=False)
    try:
        yield session, notes, page
    finally:
        await session.aclose()
        await recorder.flush(1)
        writing.cancel()


def grounded() -> GroundedResponder:
    return GroundedResponder("Tidewater", "help@example.org", False, 0.5)


def answer(notes: Notes, number: int = 0) -> Turn:
    return [turn for turn in notes.turns if turn.speaker == "assistant"][number]


async def test_a_mind_that_is_away_is_replaced_before_its_first_word() -> None:
    async with talking(ScriptedMind(mind_is_away()), grounded()) as (session, notes, page):
        await session.run(user_input=QUESTION)
    turn = answer(notes)
    assert (turn.mind, turn.kind) == ("grounded", "answer")
    assert "Forgot password" in turn.text
    assert [sent for kind, sent in page.sent if kind == "sources"] == [
        {"turn": 1, "quotes": ["Open the sign-in page and choose Forgot password."]}
    ]


def told(page: Page) -> list[str]:
    return [sent["state"] if kind == "call" else kind for kind, sent in page.sent]


async def test_the_page_hears_of_a_stand_in_before_its_words_and_of_the_one_who_is_back() -> None:
    away = APIConnectionError("away", retryable=True)
    mind = ScriptedMind("Open the page.", away, "Choose it.")
    async with talking(mind, grounded()) as (session, _, page):
        for _ in range(3):
            await session.run(user_input=QUESTION)
    assert told(page) == ["sources", "stand_in", "sources", "restored", "sources"]


async def test_an_apology_of_the_app_stands_in_for_nobody() -> None:
    async with talking(ScriptedMind(mind_is_away())) as (session, _, page):
        await session.run(user_input=QUESTION)
    assert told(page) == []


async def test_half_an_answer_is_followed_by_a_whole_one() -> None:
    async with talking(ScriptedMind(["Open the sign-in page. Then you", mind_is_away()]), grounded()) as (
        session,
        notes,
        page,
    ):
        await session.run(user_input=QUESTION)
    turn = answer(notes)
    assert turn.text.startswith("Open the sign-in page. Sorry, I lost my thread. Let me begin again. ")
    assert "Forgot password" in turn.text
    assert turn.mind == "grounded"
    assert {sent["turn"] for kind, sent in page.sent if kind == "sources"} == {1}


async def test_what_a_tool_found_before_is_spoken_by_whoever_is_there() -> None:
    mind = ScriptedMind(("answer_from_company_kb", {"question": QUESTION}), mind_is_away())
    async with talking(mind, grounded()) as (session, notes, _):
        await session.run(user_input=QUESTION)
    assert (answer(notes).mind, answer(notes).kind) == ("grounded", "answer")


async def test_a_key_that_is_refused_is_not_shown_again_in_the_next_turn() -> None:
    mind = ScriptedMind(APIStatusError("no such key", status_code=401, retryable=False))
    async with talking(mind, grounded()) as (session, notes, _):
        await session.run(user_input=QUESTION)
        await session.run(user_input=QUESTION)
    assert len(mind.contexts) == 1
    assert answer(notes, 1).mind == "grounded"


async def test_a_mind_without_a_word_is_replaced_and_after_a_tool_it_may_have_none() -> None:
    async with talking(ScriptedMind(""), grounded()) as (session, notes, _):
        await session.run(user_input=QUESTION)
    assert answer(notes).mind == "grounded"
    remembering = ("summarize_interaction_for_next_session", {"summary": "They said thanks."})
    async with talking(ScriptedMind(remembering, ""), grounded()) as (session, notes, _):
        await session.run(user_input="Thanks.")
    assert [turn for turn in notes.turns if turn.speaker == "assistant"] == []


async def test_what_a_mind_has_called_is_not_done_again_by_another() -> None:
    context = llm.ChatContext.empty()
    context.add_message(role="user", content=QUESTION)
    calling = ("open_ticket", {"subject": "A new password"})
    behind = ScriptedMind("Open the page.")
    thinking = Thinking([ScriptedMind([calling, mind_is_away()]), behind], lambda: "Again.")
    with pytest.raises(APIError):
        _ = [chunk async for _, chunk in thinking.answer(context, [], ModelSettings())]
    assert behind.contexts == []


async def test_with_nobody_behind_it_the_caller_hears_an_apology() -> None:
    async with talking(ScriptedMind(mind_is_away())) as (session, notes, _):
        await session.run(user_input=QUESTION)
    assert (answer(notes).mind, answer(notes).kind) == ("app", "apology")


class Hanging(ScriptedMind):
    """Takes the question and says nothing."""

    def chat(self, **context):  # type: ignore[no-untyped-def,override]
        return _Hangs(self, chat_ctx=context["chat_ctx"], tools=[], conn_options=context["conn_options"])


class _Hangs(llm.LLMStream):
    async def _run(self) -> None:
        await asyncio.Event().wait()


def test_a_mind_that_hangs_is_given_up_in_time() -> None:
    async def run() -> float:
        began_s = asyncio.get_running_loop().time()
        context = llm.ChatContext.empty()
        context.add_message(role="user", content=QUESTION)
        thinking = Thinking([Hanging(), ScriptedMind("Open the page.")], lambda: "Again.")
        said = [chunk async for _, chunk in thinking.answer(context, [], ModelSettings())]
        assert [chunk.delta.content for chunk in said if isinstance(chunk, llm.ChatChunk) and chunk.delta] == [
            "Open the page."
        ]
        return asyncio.get_running_loop().time() - began_s

    assert FIRST_WORD_WITHIN_S <= run_virtual(run()) < FIRST_WORD_WITHIN_S + 0.1
