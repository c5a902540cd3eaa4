"""A caller made of windows of audio, and models that answer by script: for turn policy without sound or weights.

Each spoken word is a run of voiced windows whose bytes name the word, so that the scripted recogniser "hears" exactly
the words that are in the audio it was given: lost or doubled audio shows as lost or doubled words.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

from insta_voice.agent.turns.ports import WINDOW_S, Transcription, Window

_WINDOW_BYTES = int(WINDOW_S * 16_000) * 2
_WORD_WINDOWS = 8  # a quarter of a second a word
_LOUD = 0x2000  # added to the number of a word: speech at -12 dB below full scale


class Words:
    """Numbers for words, shared by the voice and the recogniser."""

    def __init__(self) -> None:
        self._words: list[str] = [""]

    def windows(self, text: str) -> Iterator[Window]:
        """`text` spoken: word after word without a pause."""
        for word in text.split():
            self._words.append(word)
            mark = (len(self._words) - 1 + _LOUD).to_bytes(2, "little")
            for position in range(_WORD_WINDOWS):
                yield Window((mark + (position + _LOUD).to_bytes(2, "little")) * (_WINDOW_BYTES // 4), 0.95)

    def heard_in(self, pcm: bytes) -> str:
        """The words of which most windows are in `pcm`, in order."""
        counted: dict[int, int] = {}
        for start in range(0, len(pcm) - _WINDOW_BYTES + 1, _WINDOW_BYTES):
            number = int.from_bytes(pcm[start : start + 2], "little") - _LOUD
            if number >= 0:
                counted[number] = counted.get(number, 0) + 1
        return " ".join(self._words[number] for number, count in counted.items() if count > _WORD_WINDOWS // 2)


def silence(seconds: float) -> Iterator[Window]:
    """Nobody speaks."""
    for _ in range(round(seconds / WINDOW_S)):
        yield Window(bytes(_WINDOW_BYTES), 0.01)


class ScriptedRecognizer:
    """Hears the words that are in the audio, `delay_s` later; fails as often as told."""

    def __init__(self, words: Words, *, delay_s: float = 0.2, failures: list[Exception] | None = None) -> None:
        self._words = words
        self.delay_s = delay_s
        self.delay_per_s = 0.0  # seconds more for each second of audio
        self.failures = failures or []
        self.finals = 0
        self.running = 0

    async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
        self.finals += final
        self.running += 1
        try:
            await asyncio.sleep(self.delay_s + self.delay_per_s * len(pcm) / 32_000)
        finally:
            self.running -= 1
        if final and self.failures:
            raise self.failures.pop(0)
        return Transcription(self._words.heard_in(pcm), 0.9)


class ScriptedEndOfTurn:
    """Judges by the words: `over` says how likely the turn is over after them."""

    def __init__(self, words: Words, over: Callable[[str], float] = lambda text: 0.9, *, delay_s: float = 0.08) -> None:
        self._words = words
        self._over = over
        self._delay_s = delay_s
        self._audio = bytearray()

    def hear(self, pcm: bytes) -> None:
        self._audio += pcm

    async def probability(self) -> float | None:
        heard = self._words.heard_in(bytes(self._audio))
        await asyncio.sleep(self._delay_s)
        return self._over(heard)

    def forget(self) -> None:
        self._audio.clear()

    async def aclose(self) -> None:
        self._audio.clear()


async def live(*parts: Iterator[Window]) -> AsyncIterator[Window]:
    """The windows at the pace of speech, on whatever clock the loop has."""
    for part in parts:
        for window in part:
            await asyncio.sleep(WINDOW_S)
            yield window
