"""A call in German: heard, thought and spoken in it, and ended kindly when nobody can go on in it.

The local recogniser, voice and responder know English only: a provider that fails has nobody in its place.
"""

import asyncio
from pathlib import Path
from typing import get_args

import pytest
from tests.support.memory_call.call import MemoryCall, calling
from tests.support.minds import found, passage
from tests.support.openai import BROKEN, UNAUTHORIZED, to
from tests.support.openai.server import Where
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.prompts import notice, sentence, variants
from insta_voice.knowledge import Context, Evidence
from insta_voice.languages import GERMAN
from insta_voice.voice.needs import Mode

QUESTION, NEXT = "Wie setze ich mein Passwort zurück?", "Und wie lange gilt der Link?"
EVIDENCE = "Open the sign-in page and choose Forgot password."
ANSWER, NEXT_ANSWER = "Wählen Sie auf der Anmeldeseite Passwort vergessen.", "Er gilt eine Stunde lang."
SORRY = sentence("unable", language=GERMAN)
GOODBYE = sentence("unable_goodbye_contact", language=GERMAN, support_contact="help@acme.example")
MODES = [mode for mode in get_args(Mode) if mode != "local"]


async def search(heard: str, context: Context) -> tuple[Evidence, ...]:
    return found(heard, passage(EVIDENCE))


def heard(call: MemoryCall) -> list[str]:
    """What the caller heard after the greeting."""
    return [turn.heard for turn in call.notes.turns if turn.speaker == "assistant"][1:]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences are spoken ahead once for all calls here."""
    return tmp_path_factory.mktemp("german")


@pytest.mark.parametrize("mode", MODES)
@on_virtual_clock
async def test_it_is_heard_thought_and_spoken_in_german(mode: Mode, data_dir: Path) -> None:
    async with calling(
        mode, to("Passwort", ANSWER), to("Link", NEXT_ANSWER), search=search, data_dir=data_dir, language=GERMAN
    ) as call:
        greeting = call.notes.turns[0].heard
        assert greeting.startswith("Guten Tag, hier ist der Kundenservice von Acme.")
        assert notice(90, language=GERMAN) in greeting
        await call.says(QUESTION)
        await call.answered(ANSWER)
        await call.says(NEXT)
        await call.answered(NEXT_ANSWER)
    openai = call.openai
    assert {asked["language"] for asked in openai.asked("/audio/transcriptions")} == {"de"}
    assert {asked["instructions"] for asked in openai.asked("/audio/speech")} == {"Speak German."}
    assert all("Speak German" in prompt for prompt in openai.prompts)
    assert EVIDENCE in openai.prompts[0], "in the articles' language"
    assert heard(call) == [ANSWER, NEXT_ANSWER], "the check of answers is for English"
    assert not call.ended.is_set()


GIVEN_UP = {
    "the model's key": ("pipeline", "chat", UNAUTHORIZED, []),
    "the model": ("pipeline", "chat", BROKEN, [sentence("mind_away", language=GERMAN)]),
    "the recogniser": ("pipeline", "transcriptions", BROKEN, [variants("not_heard", language=GERMAN)[0]]),
    "the realtime model": ("realtime", "response", UNAUTHORIZED, []),
}


@pytest.mark.parametrize(("mode", "where", "fault", "first"), GIVEN_UP.values(), ids=GIVEN_UP.keys())
@on_virtual_clock
async def test_who_cannot_be_answered_hears_so_and_where_to_write(
    mode: Mode, where: Where, fault: object, first: list[str], data_dir: Path
) -> None:
    clock = asyncio.get_running_loop().time
    async with calling(mode, search=search, data_dir=data_dir, language=GERMAN) as call:
        call.openai.fail_always(where, fault)  # type: ignore[arg-type]
        for said in first:  # one failure happens to every provider
            await call.says(QUESTION)
            await call.answered(said)
        spoken = len(call.openai.asked("/audio/speech"))
        await call.says(QUESTION)
        await call.until_heard("Es tut mir leid")
        assert clock() - call.asked[-1][0] < 4 + len("Es tut mir leid") * 0.1
        await asyncio.wait_for(call.ended.wait(), 60)
        assert heard(call) == [*first, SORRY, GOODBYE]
        assert len(call.openai.asked("/audio/speech")) == spoken, "rendered ahead, in the voice of the call"


@on_virtual_clock
async def test_a_voice_that_is_away_twice_ends_the_call_in_its_own_words(data_dir: Path) -> None:
    lines = [to("Passwort", ANSWER)] * 2
    async with calling("pipeline", *lines, search=search, data_dir=data_dir, language=GERMAN) as call:
        call.openai.fail_always("speech", UNAUTHORIZED)
        away = sentence("voice_away", language=GERMAN, support_contact="help@acme.example")
        await call.says(QUESTION)
        await call.answered(away)
        await call.says(QUESTION)
        await asyncio.wait_for(call.ended.wait(), 60)
        assert heard(call) == [away, "", SORRY, GOODBYE]


@pytest.mark.parametrize("where", ["chat", "transcriptions"])
@on_virtual_clock
async def test_one_failure_ends_nothing(where: Where, data_dir: Path) -> None:
    async with calling(
        "pipeline", to("Passwort", ANSWER), to("Link", NEXT_ANSWER), search=search, data_dir=data_dir, language=GERMAN
    ) as call:
        for question, answer in ((QUESTION, ANSWER), (NEXT, NEXT_ANSWER)):
            call.openai.fail_always(where, BROKEN)
            await call.says(question)
            name = "mind_away" if where == "chat" else "not_heard"
            await call.answered(variants(name, language=GERMAN)[question == NEXT and where != "chat"])
            call.openai.fail_always(where, None)
            await call.says(question)
            await call.answered(answer)
        assert not call.ended.is_set()
