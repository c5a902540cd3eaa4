"""Promise 40 in local mode: what the record says of a wait is what the caller's ear measured, of an answer that was
interrupted too. On the virtual clock, where both are exact; record and /metrics are test_promise_40_heard_latency.
"""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.memory_call.call import MemoryCall, calling
from tests.support.minds import found, passage
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.ear import Onset
from insta_voice.calls import Turn
from insta_voice.knowledge import Context, Evidence, Sentence

QUESTION, ANSWER = "How do I reset my password?", "Open the sign-in page, and follow the link in the mail."
NEXT, NEXT_ANSWER = "No, how do I change it?", "Open your profile, and choose Security."
WAY_S = 0.09  # from here to the page, and from there to here


async def search(question: str, context: Context) -> tuple[Evidence, ...]:
    text = NEXT_ANSWER if "change" in question else ANSWER
    return found(question, replace(passage(text), sentences=(Sentence(text, 0.95),)))


async def heard_at_the_page(call: MemoryCall, question: int) -> float:
    """How long the caller waited at their ear, in milliseconds, which the page reports as it hears it."""
    asked_s = call.asked[question][0]
    waited_s = next(piece.begins_s for piece in call.ear.pieces if piece.begins_s > asked_s) + 2 * WAY_S - asked_s
    now = asyncio.get_running_loop().time()
    sent_after_s = now - WAY_S - (asked_s + waited_s - WAY_S)
    call.conversation._ear._take(Onset(waited_s * 1000, 5000.0, sent_after_s * 1000, arrived_at=now))
    return waited_s * 1000


def waits_ms(turns: list[Turn]) -> list[float | None]:
    """Of the answers, as each was written last."""
    last = {turn.number: turn for turn in turns if turn.kind == "answer"}
    return [turn.timings_ms.get("heard_ms") for turn in last.values()]


@on_virtual_clock
async def test_the_record_has_the_wait_that_the_ear_measured(tmp_path: Path) -> None:
    async with calling("local", search=search, data_dir=tmp_path) as call:
        await call.says(QUESTION)
        await call.until_heard("Open the sign-in")
        await call.mouth.say("No, wait.")  # before the report of it comes
        first_ms = await heard_at_the_page(call, 0)
        await call.says(NEXT)
        await call.answered(NEXT_ANSWER)
        next_ms = await heard_at_the_page(call, 1)
    answers = [turn for turn in call.notes.turns if turn.kind == "answer"]
    assert answers[0].interrupted
    assert waits_ms(call.notes.turns) == [pytest.approx(first_ms, abs=0.1), pytest.approx(next_ms, abs=0.1)]
    for turn in (turn for turn in answers if "heard_ms" in turn.timings_ms):
        parts = turn.timings_ms
        assert parts["endpointing_ms"] <= parts["first_audio_ms"] < parts["heard_ms"]
        assert parts["first_audio_ms"] + parts["transport_ms"] == pytest.approx(parts["heard_ms"], abs=0.2)
