"""Promise 29 for language models: what says more than they were given is not spoken, breaks off after a first clause
that says no more, or is taken back in the next breath.

What a realtime model says is heard at once; its sentences are checked when it has ended.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from livekit.agents import AgentSession
from tests.support.minds import Notes, Page, ScriptedMind, call_state, found, journal_into, mind_is_away, passage
from tests.support.realtime_call import QUESTION, STEP, talking
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.prompts import variants
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.calls import Turn
from insta_voice.customers.accounts import CallAccount
from insta_voice.knowledge import Context, Evidence, Sentence

RIGHT = "Open the sign-in page, and choose Forgot password."
MADE_UP = "Quarterly budget forecasts can be exported to Excel."


@asynccontextmanager
async def asked(
    mind: ScriptedMind, *, tickets: bool = True, answerable: bool = True, **state_changes: Any
) -> AsyncIterator[tuple[Turn, Page]]:
    """The one answer of a session with that mind, and what the page was sent."""

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        return found(heard, replace(passage(STEP), sentences=(Sentence(STEP, 0.95),)), answerable=answerable)

    notes, page = Notes(), Page()
    state = call_state(gather=gather, can_deliver_tickets=tickets, **state_changes)
    journal, recorder = journal_into(notes, page)
    session = AgentSession[CallState](userdata=state, llm=mind, vad=None)
    session.on("speech_created", journal.speech_created)
    writing = asyncio.create_task(recorder.run())
    await session.start(Assistant(state, journal, Speech(session, journal, state), minds=(mind,)), record=False)
    try:
        await session.run(user_input=QUESTION)
        await recorder.flush(1)
        yield next(turn for turn in notes.turns if turn.speaker == "assistant"), page
    finally:
        await session.aclose()
        writing.cancel()


async def test_a_sentence_that_nothing_supports_is_not_spoken() -> None:
    async with asked(ScriptedMind([RIGHT[:20], f"{RIGHT[20:]} ", MADE_UP])) as (turn, page):
        assert (turn.text, turn.mind, turn.kind) == (RIGHT, "scripted", "answer")
        assert turn.unsupported == (MADE_UP,)
        assert page.sent == [("sources", {"turn": turn.number, "quotes": [STEP]})]


async def test_where_its_first_sentence_says_more_than_its_first_clause_it_breaks_off() -> None:
    clause, more = "Open the sign-in page,", "quarterly budget forecasts can be exported to Excel."
    for rest in ([f"{more[2:]} ", RIGHT, f" {MADE_UP}"], [more[2:]]):
        async with asked(ScriptedMind([f"{clause} qu", *rest])) as (turn, _):
            assert turn.text.removeprefix(f"{clause} ") in variants("not_supported")
            assert (turn.kind, turn.unsupported[0]) == ("unknown", f"{clause} {more}")


async def test_an_answer_that_breaks_off_says_so_before_its_model_has_said_the_rest() -> None:
    more = "quarterly budget forecasts can be exported to Excel."
    mind = ScriptedMind(["Open the sign-in page, qu", f"{more[2:]} ", RIGHT, mind_is_away()])
    async with asked(mind) as (turn, _):
        _, _, said = turn.text.partition("Open the sign-in page, ")
        assert said.startswith(tuple(variants("not_supported")))


async def test_what_only_announces_a_tool_is_no_answer_of_which_nothing_is_left() -> None:
    account = CallAccount(Workspace(), "maya", keep_s=60)
    plan = "Your workspace, Acme Rockets, is on the team plan."
    announces = ScriptedMind([MADE_UP, ("get_user_account_info", {})], plan)
    async with asked(announces, account=account) as (turn, _):
        assert (turn.text, turn.kind, turn.unsupported) == (plan, "answer", (MADE_UP,))


@pytest.mark.parametrize(("tickets", "said"), [(True, "not_supported"), (False, "not_supported_contact")])
async def test_of_an_answer_of_which_nothing_is_left_it_says_so(tickets: bool, said: str) -> None:
    async with asked(ScriptedMind(MADE_UP), tickets=tickets) as (turn, page):
        assert turn.text in variants(said, support_contact="support@tidewater.example")
        assert (turn.mind, turn.kind, turn.sources, turn.unsupported) == ("app", "unknown", (), (MADE_UP,))
        assert page.sent == []


async def test_what_does_not_answer_the_question_supports_nothing() -> None:
    async with asked(ScriptedMind(RIGHT), answerable=False) as (turn, _):
        assert turn.unsupported == (RIGHT,)


class Workspace:
    async def account_of(self, user_id: str) -> dict[str, str]:
        return {"plan": "team", "billing_contact": "maya@acme.example", "workspace": "Acme Rockets"}


async def test_what_was_left_out_is_recorded_also_where_the_model_fails() -> None:
    async with asked(ScriptedMind([f"{RIGHT} {MADE_UP} Then", mind_is_away()])) as (turn, _):
        assert turn.text.startswith(f"{RIGHT} ")
        assert turn.unsupported == (MADE_UP,)


async def test_what_a_tool_told_may_be_said() -> None:
    account = CallAccount(Workspace(), "maya", keep_s=60)
    plan = "Your workspace, Acme Rockets, is on the team plan."
    async with asked(ScriptedMind(("get_user_account_info", {}), plan), account=account) as (turn, _):
        assert (turn.text, turn.unsupported) == (plan, ())


async def test_where_it_is_not_wanted_nothing_is_checked() -> None:
    async with asked(ScriptedMind(MADE_UP), settings={"KNOWLEDGE_CHECK_ANSWERS": "false"}) as (turn, _):
        assert (turn.text, turn.unsupported) == (MADE_UP, ())


@on_virtual_clock
async def test_a_realtime_model_is_not_corrected_where_that_is_not_wanted() -> None:
    settings = {"KNOWLEDGE_CHECK_ANSWERS": "false"}
    async with talking(f"{RIGHT} {MADE_UP}", RIGHT, settings=settings) as scene:
        turn = await scene.asks(QUESTION)
        again = await scene.asks(QUESTION, 1)
    assert (turn.unsupported, again.text) == ((), RIGHT)


@on_virtual_clock
async def test_a_realtime_model_is_corrected_in_the_next_breath() -> None:
    async with talking(f"{RIGHT} {MADE_UP}", RIGHT) as scene:
        turn = await scene.asks(QUESTION)
        correction = await scene.answered(1)
        await scene.asks(QUESTION, 2)
        again = await scene.answered(2)
    assert (turn.mind, turn.unsupported) == ("gpt-realtime", (MADE_UP,))
    assert (correction.mind, correction.kind) == ("app", "apology")
    assert correction.text in variants("took_back")
    assert correction.started_at - turn.ended_at < timedelta(seconds=3)
    assert (again.text, again.unsupported) == (RIGHT, ())
