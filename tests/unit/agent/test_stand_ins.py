"""Who stands in for a realtime model where the settings name a language model: that one, and the grounded mind behind
it; and where nobody here speaks the caller's language, that one alone.
"""

import asyncio
from pathlib import Path

from tests.support.memory_call.call import MemoryCall, calling
from tests.support.openai import BROKEN, UNAUTHORIZED, Late
from tests.support.provider_faults.rows import Row
from tests.support.provider_faults.stage import FIRST, NEXT, NEXT_KEY, Stage
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.languages import GERMAN

SILENT_AT_MOST_S, A_LETTER_S = 4.0, 0.06  # of promise 13, and of the sound that can be read
BY_THE_MODEL = "Choose Forgot password, and follow the link in the mail."


def stage() -> Stage:
    return Stage(Row("realtime model", "500", "between two turns"))


async def asked(call: MemoryCall, question: str, answer: str) -> str:
    await call.says(question)
    return (await call.answered(answer)).mind


@on_virtual_clock
async def test_the_language_model_answers_and_behind_it_the_grounded_mind(tmp_path: Path) -> None:
    async with calling(
        "realtime", BY_THE_MODEL, search=stage().search, data_dir=tmp_path, VOICE_STAND_IN="pipeline"
    ) as call:
        call.openai.fail_always("response", BROKEN)
        assert await asked(call, FIRST, BY_THE_MODEL) == "gpt-5-mini"
        call.openai.fail_always("chat", BROKEN)
        assert await asked(call, NEXT, NEXT_KEY) == "grounded"


@on_virtual_clock
async def test_the_wait_for_one_that_is_late_too_is_explained_in_time(tmp_path: Path) -> None:
    clock = asyncio.get_running_loop().time
    async with calling(
        "realtime", BY_THE_MODEL, search=stage().search, data_dir=tmp_path, VOICE_STAND_IN="pipeline"
    ) as call:
        call.openai.fail("response", Late())
        call.openai.fail("chat", Late())
        await call.says(FIRST)
        [(ended_s, _)] = call.asked
        await call.until_heard("One moment")
        assert clock() - ended_s < SILENT_AT_MOST_S + len("One moment") * A_LETTER_S


@on_virtual_clock
async def test_a_call_in_another_language_goes_on_with_it_and_is_given_up_without_it(tmp_path: Path) -> None:
    async with calling(
        "realtime",
        BY_THE_MODEL,
        search=stage().search,
        data_dir=tmp_path,
        language=GERMAN,
        VOICE_STAND_IN="pipeline",
        KNOWLEDGE_CHECK_ANSWERS="false",
    ) as call:
        call.openai.fail_always("response", BROKEN)
        assert await asked(call, "Wie setze ich mein Passwort zurück?", BY_THE_MODEL) == "gpt-5-mini"
        call.openai.fail_always("chat", UNAUTHORIZED)
        await call.says("Und wie ändere ich es?")
        await call.ended.wait()
