"""One row as a call: questions until one is answered, or the caller is told who will help instead."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from tests.support.audio_source import Source
from tests.support.local_faults.rows import Row
from tests.support.local_faults.stage import BEGINNING, FIRST, KEYS, Stage
from tests.support.memory_call import legible
from tests.support.memory_call.call import MemoryCall, calling

from insta_voice.agent.prompts import variants
from insta_voice.agent.speech.playout import SAMPLE_RATE_HZ, Playout
from insta_voice.agent.wrap_up import until_quiet
from insta_voice.calls import Turn

Outcome = Literal["answered", "handed over", "asked again"]

_CONTACTS: Final = ("help@acme.example", "help at acme dot example")  # as it is said by the app, and by the mind
_WITHIN_S: Final = 120.0  # else there is none at all
_ASKED_AT_MOST: Final = 4  # times; a caller would long have hung up
_LOOKED_EVERY_S: Final = 0.1
_THINKS_S: Final = 0.5  # before the caller says it again


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, from its last sound to what came of it, by the loop's clock."""

    text: str
    ended_s: float
    settled_s: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Played:
    """What is left of a row's call. `heard` is all that left it, in the loop's time from `began_s` on."""

    row: Row
    began_s: float
    heard: npt.NDArray[np.int16]
    asked: Sequence[Asked]
    turns: Sequence[Turn]


class _Scene:
    def __init__(self, stage: Stage, call: MemoryCall, source: Source) -> None:
        self._stage, self._call, self._source = stage, call, source
        self._clock = asyncio.get_running_loop().time
        self.asked: list[Asked] = []

    async def until_heard(self, words: str) -> None:
        """As what left the call says."""
        while words not in _read(self._source.heard()):  # noqa: ASYNC110 (the source tells nobody)
            await asyncio.sleep(_LOOKED_EVERY_S)

    async def settled(self, text: str, before: int) -> None:
        """What came of the question that was said last."""
        ended_s = self._call.asked[-1][0]
        outcome: Outcome | None = None
        try:
            async with asyncio.timeout(_WITHIN_S):
                while (outcome := self._outcome(text, before)) is None:  # noqa: ASYNC110 (an end is no turn)
                    await asyncio.sleep(_LOOKED_EVERY_S)
        except TimeoutError:
            said = [f"{turn.speaker} {turn.kind}: {turn.heard!r}" for turn in self._call.notes.turns]
            raise AssertionError(f"nothing came of {text!r}: {said}") from None
        if outcome == "answered":
            await until_quiet(self._call.conversation.speech)
        self.asked.append(Asked(text, ended_s, self._clock(), outcome))

    def _outcome(self, text: str, before: int) -> Outcome | None:
        if self._call.ended.is_set():
            return "handed over"
        if self._call.conversation._ending.reason is not None:
            return None  # it is being said
        for turn in self._call.notes.turns[before:]:
            if turn.speaker == "caller":
                continue
            if KEYS[text] in turn.heard:
                return "answered"
            contact = any(contact in turn.heard for contact in _CONTACTS)
            if contact and turn.kind == "unknown":
                return "handed over"
            again = turn.heard in (*variants("not_heard"), *variants("mind_away")) or contact
            if again or (turn.interrupted and KEYS[text] in turn.text):
                return "asked again"
        return None

    async def asks(self, text: str, *, strikes: bool = False) -> None:
        """Until it is answered or somebody else will help; it may strike while they speak for the first time."""
        for time in range(_ASKED_AT_MOST):
            before = len(self._call.notes.turns)
            if strikes and time == 0:
                asyncio.get_running_loop().call_later(legible.lasts_s(text) / 2, self.strikes)
            await self._call.says(text)
            await self.settled(text, before)
            if self.asked[-1].outcome != "asked again":
                return
            await until_quiet(self._call.conversation.speech)
            await asyncio.sleep(_THINKS_S)
        raise AssertionError(f"asked {_ASKED_AT_MOST} times, and asked to ask again")

    def strikes(self) -> None:
        self._striking = asyncio.create_task(self._stage.strike(self._call), name="strike")

    async def over(self) -> None:
        if not self._striking.done():
            self._striking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._striking


async def play(row: Row, data_dir: Path) -> Played:
    """Play it on the loop's clock. AssertionError when nothing comes of a question."""
    began_s = asyncio.get_running_loop().time()
    stage, source = Stage(row), Source(SAMPLE_RATE_HZ)
    playout = Playout(source)
    playout.open()
    async with calling("local", search=stage.search, accounts=stage, data_dir=data_dir, out=playout) as call:
        scene = _Scene(stage, call, source)
        match row.moment:
            case "first question":
                scene.strikes()
                await asyncio.sleep(0)
                await scene.asks(stage.question)
            case "thinking ahead":
                await scene.asks(stage.question, strikes=True)
            case "answer under way":
                before = len(call.notes.turns)
                await call.says(FIRST)
                await scene.until_heard(BEGINNING)
                scene.strikes()
                await scene.settled(FIRST, before)
                await scene.asks(stage.question)
            case "held":
                await call.says(FIRST)
                await scene.until_heard(BEGINNING)
                scene.strikes()
                await scene.asks(stage.question)
        heard = source.heard()
        await scene.over()
    await playout.aclose()
    return Played(row, began_s, heard, scene.asked, call.notes.turns)


def _read(heard: npt.NDArray[np.int16]) -> str:
    return "".join(letter.text for letter in legible.read(heard.tobytes(), SAMPLE_RATE_HZ))
