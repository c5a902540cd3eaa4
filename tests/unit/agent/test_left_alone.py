"""What one call has found of a provider spares the next one its deadlines; nothing is started again for that."""

import asyncio
from pathlib import Path

from tests.support.breakers import SharedBreakers
from tests.support.memory_call.call import calling
from tests.support.openai import BROKEN
from tests.support.provider_faults.rows import Row
from tests.support.provider_faults.stage import FIRST, FIRST_KEY, Stage
from tests.support.realtime_call import QUESTION, talking
from tests.support.virtual_clock import on_virtual_clock


@on_virtual_clock
async def test_a_call_begins_without_a_model_that_others_have_found_dead() -> None:
    clock = asyncio.get_running_loop().time
    breakers = SharedBreakers()
    for _ in range(2):
        async with talking(breakers=breakers) as scene:
            scene.openai.fail_always("response", BROKEN)
            assert (await scene.asks(QUESTION)).mind == "grounded"
    async with talking("Open the sign-in page.", breakers=breakers) as scene:
        asked_s = clock()
        turn = await scene.asks(QUESTION)
        assert clock() - asked_s < 0.5
        assert (turn.mind, turn.kind) == ("grounded", "answer")
        assert scene.openai.sessions == []
        assert [sent["state"] for kind, sent in scene.page.sent if kind == "call"] == ["stand_in"]
    await asyncio.sleep(20)
    for _ in range(2):
        async with talking("Open the sign-in page.", breakers=breakers) as scene:
            assert (await scene.asks(QUESTION)).mind == "gpt-realtime"
            assert [kind for kind, _ in scene.page.sent] == ["sources"]


@on_virtual_clock
async def test_two_calls_do_not_try_it_at_once() -> None:
    breakers = SharedBreakers()
    breakers.of("gpt-realtime").failed(hopeless=True)
    await asyncio.sleep(20)
    async with (
        talking("Open the sign-in page.", breakers=breakers) as first,
        talking("Open the sign-in page.", breakers=breakers) as second,
    ):
        assert (await second.asks(QUESTION)).mind == "grounded"
        assert (await first.asks(QUESTION)).mind == "gpt-realtime"


@on_virtual_clock
async def test_the_greeting_is_the_same_without_the_model(tmp_path: Path) -> None:
    breakers = SharedBreakers()
    breakers.of("gpt-realtime").failed(hopeless=True)
    stage = Stage(Row("realtime model", "401", "between two turns"))
    async with calling("realtime", search=stage.search, data_dir=tmp_path, breakers=breakers) as call:
        await call.says(FIRST)
        assert (await call.answered(FIRST_KEY)).mind == "grounded"
        assert call.openai.sessions == []


@on_virtual_clock
async def test_a_language_model_and_a_voice_are_not_asked_by_the_next_call(tmp_path: Path) -> None:
    breakers = SharedBreakers()
    stage = Stage(Row("language model", "500", "between two turns"))
    for _ in range(2):
        async with calling("pipeline", search=stage.search, data_dir=tmp_path, breakers=breakers) as call:
            call.openai.fail_always("chat", BROKEN)
            call.openai.fail_always("transcriptions", BROKEN)
            await call.says(FIRST)
            assert (await call.answered(FIRST_KEY)).mind == "grounded"
    async with calling("pipeline", search=stage.search, data_dir=tmp_path, breakers=breakers) as call:
        await call.says(FIRST)
        assert (await call.answered(FIRST_KEY)).mind == "grounded"
        assert call.openai.asked("/chat/completions") == []
        assert call.openai.asked("/audio/transcriptions") == []
