"""The caller's utterances, made once: spoken by the local voice, cut to their speech, with a pause or as a cough."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from bench.latency.cases import Case
from bench.latency.script import COUGH
from bench.latency.sound import trimmed

from insta_voice.demo.microphone import SAMPLE_RATE_HZ, Pcm
from insta_voice.demo.voice import speak

# Two bursts of breath that die away, as loud as the voice (about -20 dBFS).
_COUGH_BURSTS_S: Final = (0.18, 0.28)
_COUGH_GAP_S: Final = 0.08
_COUGH_PEAK: Final = 9_000


@dataclass(frozen=True, slots=True)
class Said:
    """What goes out of the microphone for a case: the question, and what is said over its answer (none: empty)."""

    question: Pcm
    over: Pcm


class Utterances:
    """Of a run: the same text is the same samples for every side."""

    def __init__(self, speech_url: str) -> None:
        self._speech_url = speech_url
        self._made: dict[str, Pcm] = {COUGH: _cough()}

    async def prepare(self, cases: Iterable[Case]) -> dict[Case, Said]:
        """What is said in each of them."""
        return {case: Said(await self._question(case), await self._spoken(case.over)) for case in cases}

    async def _question(self, case: Case) -> Pcm:
        before = case.question.pause_after
        if case.kind != "pause":
            return await self._spoken(case.question.text)
        pause = np.zeros(int(case.pause_s * SAMPLE_RATE_HZ), np.int16)
        rest = case.question.text.removeprefix(before).strip()
        return np.concatenate([await self._spoken(f"{before},"), pause, await self._spoken(rest)])

    async def _spoken(self, text: str) -> Pcm:
        if not text:
            return np.zeros(0, np.int16)
        if text not in self._made:
            self._made[text] = trimmed(await speak(self._speech_url, text))
        return self._made[text]


def _cough() -> Pcm:
    chance = np.random.default_rng(seed=3)
    pieces = []
    for burst_s in _COUGH_BURSTS_S:
        at = np.linspace(0, 1, int(burst_s * SAMPLE_RATE_HZ))
        pieces += [chance.normal(0, 1 / 3, at.size) * np.exp(-4 * at), np.zeros(int(_COUGH_GAP_S * SAMPLE_RATE_HZ))]
    return trimmed(np.clip(np.concatenate(pieces) * _COUGH_PEAK, -32768, 32767).astype(np.int16))
