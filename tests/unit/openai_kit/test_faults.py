"""docs/openai-faults.md: what the plugins make of each fault is what its tables say, row by row."""

import asyncio
import contextlib
import re
from itertools import groupby
from typing import Any

import pytest
from livekit.agents import llm
from tests.support.openai import ScriptedOpenAI, serving_openai, tone
from tests.support.openai.facts import FAULTS, REALTIME_FAULTS, TEXT, rows
from tests.support.openai.faults import Fault
from tests.support.openai.plugins import Outcome, ask, hear, plugins, recognise, say
from tests.support.openai.server import Where
from tests.support.virtual_clock import run_virtual


def _heard(text: str) -> str:
    return {TEXT: "all", "": "nothing"}.get(text, f"“{text}”")


def _in_words(outcome: Outcome, tries: int) -> str:
    sounds = " + ".join(f"{lasts_s:.1f} s" for lasts_s in outcome.sound_s.values())
    end = f", then `{type(outcome.error).__name__}`" if outcome.error else ""
    counted = f"{tries} {'try' if tries == 1 else 'tries'}"
    return f"{sounds or _heard(outcome.text)}{end}; {counted}, {outcome.took_s:.1f} s"


async def _played(part: Where, fault: Fault, *, always: bool) -> str:
    async with serving_openai(*[TEXT] * 4) as openai, plugins(openai) as providers:
        openai.hears(*[TEXT] * 4)
        (openai.fail_always if always else openai.fail)(part, fault)
        match part:
            case "chat":
                assert providers.llm
                outcome = await ask(providers.llm, "How is the weather?")
            case "speech":
                outcome = await say(providers, TEXT)
            case _:
                outcome = await recognise(providers, tone(TEXT))
        final = [goes_on for _, goes_on in outcome.reported]
        assert final == [True] * (len(openai.requests) - 1) + [False] * (outcome.error is not None)
        return _in_words(outcome, len(openai.requests))


PARTS: dict[str, Where] = {"The language model": "chat", "The voice": "speech", "Recognition": "transcriptions"}
HTTP = [(part, row) for section, part in PARTS.items() for row in rows(section)]


@pytest.mark.parametrize(("part", "row"), HTTP, ids=[f"{part}: {row[0]}" for part, row in HTTP])
def test_a_request_that_fails(part: Where, row: list[str]) -> None:
    fault = FAULTS[row[0]]
    assert [run_virtual(_played(part, fault, always=always)) for always in (False, True)] == row[1:]


async def _reply(session: llm.RealtimeSession) -> str:
    started = asyncio.get_running_loop().time()
    try:
        said = _heard((await hear(await session.generate_reply())).text)
    except llm.RealtimeError as error:
        said = f"`RealtimeError` {error.code or re.sub('( due to.*|[.])$', '', str(error))}"
    return f"{said}; {asyncio.get_running_loop().time() - started:.1f} s"


def _reports(reported: list[str]) -> str:
    groups = ((what, len([*same])) for what, same in groupby(reported))
    return ", ".join(what if count == 1 else f"{count} × {what}" for what, count in groups) or "nothing"


def _faulty(openai: ScriptedOpenAI, name: str) -> None:
    what, _, where = name.partition(" on ")
    fault = {**FAULTS, **REALTIME_FAULTS}[what]
    if where.startswith("connecting"):
        (openai.fail_always if where.endswith("every time") else openai.fail)("realtime", fault)
    else:
        openai.fail("response", fault)


async def _conversed(name: str) -> list[str]:
    reported: list[str] = []

    def note(event: Any) -> None:
        reported.append(f"`{type(event.error).__name__}`" + ("" if event.recoverable else " (final)"))

    async with serving_openai(*[TEXT] * 4) as openai, plugins(openai, "realtime") as providers:
        _faulty(openai, name)
        assert providers.realtime
        session = providers.realtime.session()
        session.on("error", note)
        session.on("session_reconnected", lambda _: reported.append("reconnected"))
        first = await _reply(session)
        await asyncio.sleep(30)
        told = _reports(reported)
        second = await _reply(session)
        with contextlib.suppress(Exception):  # it raises what ended it: see below
            await session.aclose()
    return [first, told, second]


REALTIME = rows("Realtime")


@pytest.mark.parametrize("row", REALTIME, ids=[row[0] for row in REALTIME])
def test_a_realtime_session_that_fails(row: list[str]) -> None:
    assert run_virtual(_conversed(row[0])) == row[1:]


def test_every_fault_has_its_row() -> None:
    for part in PARTS.values():
        assert {row[0] for of, row in HTTP if of == part} == {*FAULTS}
    assert {row[0].partition(" on ")[0] for row in REALTIME} == {*FAULTS, *REALTIME_FAULTS}
