"""A call whose realtime model failed goes back to it when it answers again, and the caller notices nothing of it."""

import asyncio
from pathlib import Path

import pytest
from tests.support.breakers import SharedBreakers
from tests.support.memory_call.call import calling
from tests.support.openai import BROKEN, UNAUTHORIZED, Late, Stall
from tests.support.openai.faults import Fault
from tests.support.provider_faults.rows import Row
from tests.support.provider_faults.stage import FIRST, FIRST_KEY, NEXT, Stage
from tests.support.realtime_call import QUESTION, Scene, talking
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.restoration import LOOKS_EVERY_S

FOLLOW_UP = "And how do I change my e-mail address?"
AFTERWARDS_S = LOOKS_EVERY_S + 1


def told(scene: Scene) -> list[str]:
    return [sent["state"] for kind, sent in scene.page.sent if kind == "call"]


@on_virtual_clock
async def test_the_model_answers_again_and_knows_what_was_said_without_it() -> None:
    async with talking("Under your profile.") as scene:
        scene.openai.fail("response", BROKEN)
        stood_in = await scene.asks(QUESTION)
        assert stood_in.mind == "grounded"
        await asyncio.sleep(AFTERWARDS_S)
        turn = await scene.asks(FOLLOW_UP, 1)
        assert (turn.mind, turn.heard) == ("gpt-realtime", "Under your profile.")
        assert told(scene) == ["stand_in", "restored"]
        assert len(scene.openai.sessions) == 2, "the connection that was tried is the one that answers"
        said = [(message.role, message.text) for message in scene.openai.prompts[-1].messages]
        assert said[-3:] == [("user", QUESTION), ("assistant", stood_in.heard), ("user", FOLLOW_UP)]


@on_virtual_clock
async def test_what_is_spoken_is_heard_by_the_model_that_came_back() -> None:
    async with talking("Under your profile.") as scene:
        scene.openai.fail("response", BROKEN)
        await scene.asks(QUESTION)
        await asyncio.sleep(AFTERWARDS_S)
        scene.says(FOLLOW_UP)
        assert (await scene.answered(1)).mind == "gpt-realtime"


@on_virtual_clock
async def test_it_fails_again_and_is_replaced_again() -> None:
    async with talking("Under your profile.") as scene:
        for number, fault in enumerate([BROKEN, Late()]):
            scene.openai.fail("response", fault)
            assert (await scene.asks(QUESTION, number)).mind == "grounded"
            await asyncio.sleep(AFTERWARDS_S)
        assert (await scene.asks(FOLLOW_UP, 2)).mind == "gpt-realtime"
        assert told(scene) == ["stand_in", "restored"]


@pytest.mark.parametrize("fault", [UNAUTHORIZED, Late(), Stall(after=0)], ids=lambda fault: type(fault).__name__)
@on_virtual_clock
async def test_while_it_cannot_be_reached_others_answer_at_once(fault: Fault) -> None:
    clock = asyncio.get_running_loop().time
    async with talking("Under your profile.") as scene:
        scene.openai.fail("response", BROKEN)
        await scene.asks(QUESTION)
        scene.openai.fail_always("realtime", fault)
        for number in range(1, 13):  # at any moment of its tries
            await asyncio.sleep(9.5)
            asked_s = clock()
            assert (await scene.asks(QUESTION, number)).mind == "grounded"
            assert clock() - asked_s < 0.5
        scene.openai.fail_always("realtime", None)
        await asyncio.sleep(300)
        assert (await scene.asks(FOLLOW_UP, 13)).mind == "gpt-realtime"


@on_virtual_clock
async def test_nobody_is_exchanged_while_the_caller_speaks(tmp_path: Path) -> None:
    breakers = SharedBreakers()
    breakers.of("gpt-realtime").failed(hopeless=True)
    stage = Stage(Row("realtime model", "401", "between two turns"))
    answer = "The link works for one hour."
    async with calling("realtime", answer, search=stage.search, data_dir=tmp_path, breakers=breakers) as call:
        await asyncio.sleep(LOOKS_EVERY_S - 5)  # the greeting took the half of it
        assert call.openai.sessions == []
        await call.says(f"{FIRST} I have looked for it in all of the menus that are on the left of the page.")
        [connection] = call.openai.sessions
        assert connection.got("input_audio_buffer.append") == []
        assert (await call.answered(FIRST_KEY)).mind == "grounded"
        await asyncio.sleep(1)
        await call.says(NEXT)
        assert (await call.answered(answer)).mind == "gpt-realtime"


@on_virtual_clock
async def test_a_call_that_began_without_the_model_has_it_later(tmp_path: Path) -> None:
    breakers = SharedBreakers()
    breakers.of("gpt-realtime").failed(hopeless=True)
    stage = Stage(Row("realtime model", "401", "between two turns"))
    answer = "The link works for one hour."
    async with calling("realtime", answer, search=stage.search, data_dir=tmp_path, breakers=breakers) as call:
        await call.says(FIRST)
        assert (await call.answered(FIRST_KEY)).mind == "grounded"
        await asyncio.sleep(AFTERWARDS_S)
        await call.says(NEXT)
        assert (await call.answered(answer)).mind == "gpt-realtime"


@on_virtual_clock
async def test_nobody_is_exchanged_while_the_call_ends(tmp_path: Path) -> None:
    breakers = SharedBreakers()
    breakers.of("gpt-realtime").failed(hopeless=True)
    stage = Stage(Row("realtime model", "401", "between two turns"))
    async with calling("realtime", "No.", search=stage.search, data_dir=tmp_path, breakers=breakers) as call:
        await call.conversation.farewell("time_is_up")
        await asyncio.sleep(AFTERWARDS_S)
        assert call.openai.sessions == []
