"""Both speak at once, in a call on a virtual clock: what the caller hears of the answer, and what the record says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.support.audio_source import Source
from tests.support.memory_call import legible
from tests.support.memory_call.call import MemoryCall, calling
from tests.support.minds import found, passage
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.speech.playout import SAMPLE_RATE_HZ, Playout
from insta_voice.knowledge import Context, Evidence, Sentence

QUESTION = "How do I reset my password?"
ANSWER = "Choose Forgot password, and follow the link in the mail that we send to you at once."
NEXT, NEXT_ANSWER = "No, how do I change it?", "Open Settings, and choose Security."
DUCKED_WITHIN_S, SILENT_WITHIN_S, HOLE_AT_MOST_S = 0.12, 0.25, 0.3


@dataclass
class Scene:
    call: MemoryCall
    source: Source
    began_s: float

    def heard(self) -> str:
        """All that the caller has heard, as letters; what fades is not read."""
        return "".join(letter.text for letter in legible.read(self.source.heard().tobytes(), SAMPLE_RATE_HZ))

    async def until_heard(self, words: str) -> None:
        while words not in self.heard():  # noqa: ASYNC110 (the clock is virtual, and the source tells nobody)
            await asyncio.sleep(0.02)

    def silences_since(self, at_s: float) -> list[tuple[float, float]]:
        """Where nothing was heard for longer than a sound takes, in seconds from `at_s`: from and how long."""
        loud = self.source.heard()[round((at_s - self.began_s) * SAMPLE_RATE_HZ) :] != 0
        edges = [0, *(np.flatnonzero(np.diff(loud.astype(int))) + 1).tolist(), loud.size]
        gaps = (
            (begins / SAMPLE_RATE_HZ, (ends - begins) / SAMPLE_RATE_HZ)
            for begins, ends in pairwise(edges)
            if begins < loud.size and not loud[begins]
        )
        return [gap for gap in gaps if gap[1] > 0.025]


@asynccontextmanager
async def answering(data_dir: Path) -> AsyncIterator[Scene]:
    """A call in which the answer to a question is being heard."""

    async def search(heard: str, context: Context) -> tuple[Evidence, ...]:
        text = NEXT_ANSWER if "change" in heard else ANSWER
        return found(heard, replace(passage(text), sentences=(Sentence(text, 0.95),)))

    began_s = asyncio.get_running_loop().time()
    source = Source(SAMPLE_RATE_HZ)
    playout = Playout(source)
    playout.open()
    async with calling("local", search=search, data_dir=data_dir, out=playout) as call:
        scene = Scene(call, source, began_s)
        await call.says(QUESTION)
        await scene.until_heard("Choose Forgot")
        yield scene
    await playout.aclose()


@pytest.mark.parametrize("hum", ["mm-hm", "okay", "right", "yeah"])
@on_virtual_clock
async def test_a_hum_holds_the_answer_for_a_moment_and_it_is_heard_to_its_end(tmp_path: Path, hum: str) -> None:
    async with answering(tmp_path) as scene:
        now_s = asyncio.get_running_loop().time()
        await scene.call.mouth.say(hum)
        turn = await scene.call.answered("at once")
        assert not turn.interrupted
        assert turn.heard == ANSWER
        assert all(held_s <= HOLE_AT_MOST_S for _, held_s in scene.silences_since(now_s)[:-1])
        assert [turn.speaker for turn in scene.call.notes.turns] == ["assistant", "caller", "assistant"]


@on_virtual_clock
async def test_who_takes_the_turn_hears_silence_at_once_and_gets_an_answer(tmp_path: Path) -> None:
    async with answering(tmp_path) as scene:
        now_s = asyncio.get_running_loop().time()
        await scene.call.says(NEXT)
        said_s = asyncio.get_running_loop().time() - now_s
        (silent_after_s, silent_s), *_ = scene.silences_since(now_s)
        assert silent_after_s <= DUCKED_WITHIN_S + 0.02, "but for the frame that fades"
        assert silent_after_s + silent_s == pytest.approx(said_s, abs=0.001), "nothing of what was held is heard"
        await scene.call.answered(NEXT_ANSWER)
        assert scene.heard().endswith("choose Security.")
        answers = [turn for turn in scene.call.notes.turns if turn.kind == "answer"]
        assert [turn.interrupted for turn in answers] == [True, False]
        assert answers[0].heard in ANSWER
        assert len(answers[0].heard) < len(ANSWER)
