"""A realtime model that fails: its call goes on with whoever is behind it, in the same turn."""

import asyncio

import pytest
from livekit.agents import llm
from tests.support.minds import ScriptedMind
from tests.support.openai import (
    BROKEN,
    UNAUTHORIZED,
    Cut,
    Expired,
    Failed,
    Late,
    Malformed,
    Overlap,
    Stall,
    call,
)
from tests.support.openai.faults import Fault
from tests.support.realtime_call import QUESTION, talking
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent import failover


@pytest.mark.parametrize(
    "fault",
    [BROKEN, UNAUTHORIZED, Overlap(), Late(), Cut(after=0), Expired(after=0), Failed(after=0)],
    ids=lambda fault: type(fault).__name__,
)
@on_virtual_clock
async def test_a_model_that_does_not_begin_is_replaced_in_the_same_turn(fault: Fault) -> None:
    async with talking("Open the sign-in page.") as scene:
        scene.openai.fail_always("response", fault)
        turn = await scene.asks(QUESTION)
        assert (turn.mind, turn.kind) == ("grounded", "answer")
        assert "Forgot password" in turn.text
        scene.openai.fail_always("response", None)
        again = await scene.asks("And how do I change my e-mail address?", 1)
    assert again.mind == "grounded"
    assert [sent["state"] for kind, sent in scene.page.sent if kind == "call"] == ["stand_in"]


@pytest.mark.parametrize("fault", [Stall(after=3), Cut(after=3), Expired(after=3), Failed(after=3)], ids=repr)
@on_virtual_clock
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


@on_virtual_clock
async def test_an_order_that_is_refused_costs_no_answer() -> None:
    async with talking("Open the sign-in page, then choose Forgot password.", "Yes.", delta_s=0.05) as scene:
        session = await scene.openai.session()
        asked = asyncio.create_task(scene.asks(QUESTION))
        await session.until("response.output_audio.delta")
        refused = {"type": "invalid_request_error", "code": "invalid_value", "message": "Too late.", "param": None}
        await session.send("error", error={**refused, "event_id": "event_1"})
        assert (await asked).mind == "gpt-realtime"
        assert (await scene.asks("Is that all?", 1)).mind == "gpt-realtime"


@on_virtual_clock
async def test_a_connection_that_is_lost_for_good_is_replaced_and_not_waited_for() -> None:
    clock = asyncio.get_running_loop().time
    async with talking() as scene:
        connection = await scene.openai.session()
        scene.openai.fail_always("realtime", UNAUTHORIZED)
        connection.cut()
        await asyncio.sleep(0.2)
        asked_s = clock()
        turn = await scene.asks(QUESTION)
        assert clock() - asked_s < 1
    assert (turn.mind, turn.kind) == ("grounded", "answer")


@on_virtual_clock
async def test_a_session_that_has_ended_is_not_waited_for() -> None:
    """LiveKit waits 5 s for what the session was told last."""
    clock = asyncio.get_running_loop().time
    async with talking("Open the sign-in page and then do what it says there.", delta_s=0.05) as scene:
        scene.openai.fail("response", Malformed(after=3))
        asked_s = clock()
        assert (await scene.asks(QUESTION, 2)).mind == "grounded"
        assert clock() - asked_s < 2


@on_virtual_clock
async def test_after_a_tool_the_model_has_less_time() -> None:
    clock = asyncio.get_running_loop().time
    async with talking(call("answer_from_company_kb", question=QUESTION), "Open the sign-in page.") as scene:
        scene.openai.fail("response", None, Late())
        asked_s = clock()
        assert (await scene.asks(QUESTION, 1)).mind == "grounded"
        assert clock() - asked_s < failover.SOUND_AFTER_TOOLS_WITHIN_S + 0.5


@on_virtual_clock
async def test_a_model_that_only_calls_tools_is_replaced_and_nothing_else_is_said() -> None:
    lines = [call("get_user_account_info")] * 10
    async with talking(*lines) as scene:
        assert (await scene.asks(QUESTION)).mind == "grounded"
        await asyncio.sleep(5)
        assert [turn.kind for turn in scene.notes.turns] == ["typed", "answer"]


@on_virtual_clock
async def test_a_connection_that_is_lost_between_two_turns_is_not_noticed() -> None:
    async with talking("Open the sign-in page.", "You are welcome.") as scene:
        await scene.asks(QUESTION)
        (await scene.openai.session()).cut()
        await scene.openai.session(1)
        turn = await scene.asks("Thank you.", 1)
    assert (turn.mind, turn.heard) == ("gpt-realtime", "You are welcome.")


@on_virtual_clock
async def test_a_refusal_is_not_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failover, "FIRST_SOUND_WITHIN_S", 600.0)
    async with talking("Open the sign-in page.") as scene:
        scene.openai.fail("response", Overlap())
        assert (await scene.asks(QUESTION)).mind == "grounded"


@on_virtual_clock
async def test_a_tool_that_is_called_is_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failover, "FIRST_SOUND_WITHIN_S", 1.0)
    async with talking(call("answer_from_company_kb", question=QUESTION), "Open the sign-in page.") as scene:
        scene.openai.fail("response", Late(by_s=0.6), Late(by_s=0.6))
        assert (await scene.asks(QUESTION)).mind == "gpt-realtime"


@on_virtual_clock
async def test_an_answer_that_the_caller_cuts_before_its_first_sound_is_no_failure() -> None:
    async with talking("Open the sign-in page.", "You are welcome.") as scene:
        scene.openai.fail("response", Stall(after=0))
        await scene.asking.typed(QUESTION)
        session = await scene.openai.session()
        await session.until("response.created")
        await scene.session.interrupt()
        assert (await scene.asks("Thank you.")).mind == "gpt-realtime"


@on_virtual_clock
async def test_who_takes_over_knows_what_was_said_and_what_is_open() -> None:
    mind = ScriptedMind("Open the sign-in page.")
    async with talking(
        "You are welcome.", "Open the sign-in page and then wait.", delta_s=0.05, stand_in=mind
    ) as scene:
        scene.says("Thank you.")
        await scene.answered(0)
        scene.openai.fail("response", Failed(after=3))
        scene.says(QUESTION)
        await scene.answered(3)
    [context] = mind.contexts
    said = [item for item in context.items if isinstance(item, llm.ChatMessage) and item.role != "system"]
    assert [(item.role, item.text_content) for item in said] == [
        ("user", "Thank you."),
        ("assistant", "You are welcome."),
        ("user", QUESTION),
    ]
