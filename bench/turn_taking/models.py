"""The real models behind the engine's ports, with their time taken on the virtual clock.

A fixed cost is slept through, whatever the machine does meanwhile, and the same each time; what the models said is then
kept, as it depends on the sound alone. A measured cost is what they took just now.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib.metadata import version

from bench.turn_taking.kept import Kept, code_of, key_of
from livekit import rtc

from insta_voice.agent.turns.end_of_turn import LiveKitEndOfTurn
from insta_voice.agent.turns.ports import SAMPLE_RATE, WINDOW_S, EndOfTurnModel, Transcription, Window
from insta_voice.agent.turns.voice_activity import windows
from insta_voice.voice.local import greedy, moonshine, recognition
from insta_voice.voice.local.moonshine import Moonshine
from insta_voice.voice.local.recognition import recognize_segment
from insta_voice.voice.providers import build_turn_detector, load_vad

Note = Callable[[str], None]
"""Is told what a model was asked and said."""

# What is kept is of these, and of no other version.
_RECOGNISER = code_of(greedy, moonshine, recognition)
_SILERO = version("livekit-plugins-silero")
_V1_MINI = version("livekit-local-inference")

_WINDOW_BYTES = round(WINDOW_S * SAMPLE_RATE) * 2


@dataclass(frozen=True, slots=True)
class Cost:
    """How long the models take, on the virtual clock. Two quiet x86-64 cores (bench/README.md): half a second of audio
    is recognised in 62 ms, 1.5 s in 147, and v1-mini judges in 83. With a draft it takes half as long.
    """

    recognition_s: float = 0.06
    recognition_s_per_s: float = 0.07
    with_draft: float = 0.5
    judgement_s: float = 0.085
    factor: float = 1.0
    measured: bool = False

    def recognising_s(self, pcm: bytes, *, drafted: bool) -> float:
        """Fixed cost of this much audio."""
        whole_s = self.recognition_s + self.recognition_s_per_s * len(pcm) / 2 / SAMPLE_RATE
        return self.factor * whole_s * (self.with_draft if drafted else 1.0)

    def judging_s(self) -> float:
        """Fixed cost of one judgement."""
        return self.factor * self.judgement_s


class Models:
    """Loaded when something is to be computed, once a process; each of its parts is for one case."""

    def __init__(self, kept: Kept, cost: Cost) -> None:
        self.kept = kept
        self.cost = cost
        self._moonshine: Moonshine | None = None
        self._vad = load_vad()
        self._turn_detector = build_turn_detector()

    async def windows(self, pcm: bytes) -> list[Window]:
        """The sound with Silero's verdicts."""
        key = key_of("silero", _SILERO, pcm)
        voices = self.kept.get_json(key)
        if voices is None:
            voices = [window.voice async for window in windows(_frames(pcm), self._vad)]
            self.kept.put_json(key, voices)
        pieces = (pcm[start : start + _WINDOW_BYTES] for start in range(0, len(pcm), _WINDOW_BYTES))
        return [Window(piece, voice) for piece, voice in zip(pieces, voices, strict=False)]

    def recognizer(self, note: Note) -> "TimedRecognizer":
        return TimedRecognizer(self, note)

    def end_of_turn(self, note: Note) -> "TimedEndOfTurn":
        return TimedEndOfTurn(self, LiveKitEndOfTurn(self._turn_detector), note)

    def recognise(self, pcm: bytes) -> Transcription:
        """Takes its time; for another thread."""
        self._moonshine = self._moonshine or Moonshine()
        heard = recognize_segment(self._moonshine, pcm, SAMPLE_RATE)
        return Transcription(heard.text, heard.confidence)


class TimedRecognizer:
    """Moonshine."""

    def __init__(self, models: Models, note: Note) -> None:
        self._models, self._note = models, note

    async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
        """A draft changes the time and not the words: `before` is not looked at otherwise."""
        loop, cost = asyncio.get_running_loop(), self._models.cost
        asked_at = loop.time()
        if cost.measured:
            began = time.perf_counter()
            heard = await loop.run_in_executor(None, self._models.recognise, pcm)
            await asyncio.sleep(cost.factor * (time.perf_counter() - began))
        else:
            # First: what is cancelled meanwhile is not computed.
            await asyncio.sleep(cost.recognising_s(pcm, drafted=before is not None))
            heard = await self._known(pcm)
        kind = "final" if final else "partial"
        self._note(
            f"{kind} of {len(pcm) / 2 / SAMPLE_RATE:.2f} s, asked {loop.time() - asked_at:.2f} s ago: {heard.text!r}"
        )
        return heard

    async def _known(self, pcm: bytes) -> Transcription:
        key = key_of("words", Moonshine.model, _RECOGNISER, pcm)
        kept = self._models.kept.get_json(key)
        if kept is not None:
            return Transcription(*kept)
        heard = await asyncio.get_running_loop().run_in_executor(None, self._models.recognise, pcm)
        self._models.kept.put_json(key, [heard.text, heard.confidence])
        return heard


class TimedEndOfTurn:
    """v1-mini. What it says depends on all it has heard since a turn was over."""

    def __init__(self, models: Models, model: EndOfTurnModel, note: Note) -> None:
        self._models, self._model, self._note = models, model, note
        self._heard = hashlib.sha256()

    def hear(self, pcm: bytes) -> None:
        self._heard.update(pcm)
        self._model.hear(pcm)

    async def probability(self) -> float | None:
        cost = self._models.cost
        if cost.measured:
            began = time.perf_counter()
            probability = await self._model.probability()
            await asyncio.sleep(cost.factor * (time.perf_counter() - began))
        else:
            probability = await self._known()  # first: it judges what was heard when it was asked
            await asyncio.sleep(cost.judging_s())
        self._note("no judgement" if probability is None else f"judged over: {probability:.2f}")
        return probability

    async def _known(self) -> float | None:
        key = key_of("over", _V1_MINI, self._heard.digest())
        kept = self._models.kept.get_json(key)
        if kept is not None:
            return float(kept)
        probability = await self._model.probability()
        if probability is not None:
            self._models.kept.put_json(key, probability)
        return probability

    def forget(self) -> None:
        self._heard = hashlib.sha256()
        self._model.forget()

    async def aclose(self) -> None:
        await self._model.aclose()


async def _frames(pcm: bytes) -> AsyncIterator[rtc.AudioFrame]:
    for start in range(0, len(pcm) - _WINDOW_BYTES + 1, _WINDOW_BYTES):
        yield rtc.AudioFrame(pcm[start : start + _WINDOW_BYTES], SAMPLE_RATE, 1, _WINDOW_BYTES // 2)
