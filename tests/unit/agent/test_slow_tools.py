"""A tool that takes longer than a pause is bridged by one sentence of the app that fits, in the modes with a model."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.support.minds import call_state
from tests.support.one_turn import one_turn
from tests.support.openai import ScriptedOpenAI, call, serving_openai
from tests.support.openai.plugins import plugins
from tests.support.openai.script import Line, reply
from tests.support.realtime_call import QUESTION, talking
from tests.support.sounds import PacedEar
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.prompts import variants
from insta_voice.agent.turns.ports import BargeIn
from insta_voice.customers.accounts import CallAccount
from insta_voice.db import Database
from insta_voice.knowledge import Context, Evidence

SLOW_S = 0.71
ACCOUNT_QUESTION = "Which plan am I on?"
ACCOUNT = call("get_user_account_info")
ANSWER = "You are on the team plan."
LOOKING = variants("looking_at_account")[0]


class Accounts:
    """The company's endpoint, which takes its time."""

    def __init__(self, takes_s: float) -> None:
        self._takes_s = takes_s

    async def account_of(self, user_id: str) -> dict[str, Any]:
        await asyncio.sleep(self._takes_s)
        return {"plan": "team"}


def account(takes_s: float) -> CallAccount:
    return CallAccount(Accounts(takes_s), "maya", keep_s=0)


async def pipeline(*lines: Line, said: str = ACCOUNT_QUESTION, **known: Any) -> list[str]:
    """What is spoken in one turn of mode `pipeline`, sentence by sentence."""
    async with serving_openai(*lines) as openai, plugins(openai) as providers:
        assert providers.llm
        await one_turn(call_state(**known), providers.llm, said, voice=providers.tts)
        return _spoken(openai)


def _spoken(openai: ScriptedOpenAI) -> list[str]:
    return [request["input"] for request in openai.asked("/audio/speech")]


@asynccontextmanager
async def silent_database() -> AsyncIterator[Database]:
    """One that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as nobody_accepts:
        db = Database(f"postgresql://nobody@127.0.0.1:{nobody_accepts.getsockname()[1]}/none")
        await db.open()
        try:
            yield db
        finally:
            await db.close()


@pytest.mark.parametrize(("takes_s", "spoken"), [(0.69, [ANSWER]), (SLOW_S, [LOOKING, ANSWER])])
@on_virtual_clock
async def test_a_slow_tool_of_a_pipeline_is_bridged_and_a_quick_one_is_not(takes_s: float, spoken: list[str]) -> None:
    assert await pipeline(ACCOUNT, ANSWER, account=account(takes_s)) == spoken


@pytest.mark.parametrize(("takes_s", "kinds"), [(0.69, ["account"]), (SLOW_S, ["filler", "account"])])
@on_virtual_clock
async def test_so_is_that_of_a_realtime_model(takes_s: float, kinds: list[str]) -> None:
    async with talking(ACCOUNT, ANSWER, account=account(takes_s)) as scene:
        await scene.asks(ACCOUNT_QUESTION, len(kinds) - 1)
    said = [turn for turn in scene.notes.turns if turn.speaker == "assistant"]
    assert [turn.kind for turn in said] == kinds
    assert [turn.number for turn in said] == list(range(2, 2 + len(said)))
    assert (said[-1].heard, said[-1].mind, said[-1].interrupted) == (ANSWER, "gpt-realtime", False)
    assert _spoken(scene.openai) == [LOOKING][: len(said) - 1]
    assert ["first_audio_ms" in turn.timings_ms for turn in said] == [kind == "account" for kind in kinds]


@on_virtual_clock
async def test_the_sentence_fits_what_is_looked_up() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        if heard != QUESTION:
            await asyncio.sleep(SLOW_S)
        return ()

    looked_up = call("answer_from_company_kb", question="What do seats cost?")
    said = await pipeline(looked_up, "I do not know.", said=QUESTION, gather=gather)
    assert said == [variants("looking_in_articles")[0], "I do not know."]


@pytest.mark.parametrize(
    "writing",
    [call("open_ticket", subject="A refund"), call("summarize_interaction_for_next_session", summary="A refund.")],
    ids=lambda called: str(called.name),
)
@on_virtual_clock
async def test_a_note_that_cannot_be_written_is_bridged_and_given_up_in_time(writing: Line) -> None:
    async with silent_database() as db:
        said = await pipeline(writing, "I could not note that.", said="Please.", db=db, can_deliver_tickets=True)
    assert said == [variants("writing_down")[0], "I could not note that."]


@on_virtual_clock
async def test_one_sentence_bridges_all_tools_of_an_answer() -> None:
    again = call(ACCOUNT.name)
    assert await pipeline(ACCOUNT, again, ANSWER, account=account(SLOW_S)) == [LOOKING, ANSWER]
    at_once = reply(ACCOUNT, again)
    assert await pipeline(at_once, ANSWER, account=account(SLOW_S)) == [LOOKING, ANSWER]


@on_virtual_clock
async def test_nothing_is_said_where_the_model_has_spoken_itself() -> None:
    own = reply("Let me see.", ACCOUNT)
    assert await pipeline(own, ANSWER, account=account(SLOW_S)) == ["Let me see.", ANSWER]
    async with talking(own, ANSWER, account=account(SLOW_S)) as scene:
        await scene.asks(ACCOUNT_QUESTION)
    assert [turn.kind for turn in scene.notes.turns if turn.speaker == "assistant"] == ["account"]
    assert _spoken(scene.openai) == []


@on_virtual_clock
async def test_a_caller_who_barges_in_cuts_it_and_the_answer_behind_it() -> None:
    ear = PacedEar()
    async with talking(ACCOUNT, ear=ear, account=account(2.0)) as scene:
        scene.says(ACCOUNT_QUESTION)
        await ear.hears.wait()
        scene.turns.ended.put_nowait(BargeIn("No, wait."))
        filler = await scene.answered(0)
    assert (filler.kind, filler.mind, filler.interrupted) == ("filler", "app", True)
    assert [turn.kind for turn in scene.notes.turns] == ["question", "filler"]
    assert len(scene.openai.prompts) == 1, "nobody is asked for an answer any more"
