"""What a voice of the kit sounds like: 16-bit mono at 24 kHz, cut into a piece for each word."""

import io
import re
import wave
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import numpy as np

SAMPLE_RATE: Final = 24_000  # what OpenAI sends as "pcm" and Realtime as "audio/pcm"
BYTES_PER_MS: Final = SAMPLE_RATE * 2 // 1000
# English is spoken at about 165 words a minute, a word and its space are six characters on average.
S_PER_CHARACTER: Final = 0.06
_TONE_HZ: Final = 220  # in the range of a voice
_TONE_DBFS: Final = -20  # as loud as speech

Voice = Callable[[str], bytes]
"""`tone`, or where words count `partial(speak, sample_rate=SAMPLE_RATE)` of `tests.support.speech`."""

Ear = Callable[[bytes], Awaitable[str]]
"""What is said in a WAV file."""


def tone(text: str) -> bytes:
    """A plain tone as long as `text` takes to say."""
    samples = np.arange(round(len(text) * S_PER_CHARACTER * SAMPLE_RATE))
    sine = 10 ** (_TONE_DBFS / 20) * np.sin(2 * np.pi * _TONE_HZ / SAMPLE_RATE * samples)
    return (sine * 32767).astype("<i2").tobytes()


def brisk(text: str) -> bytes:
    """The same in half the time, for a test that hears much of it."""
    return tone(text[::2])


def words(text: str) -> list[str]:
    """`text` in words, each with the space before it."""
    return re.findall(r"\s*\S+\s*$|\s*\S+", text)


def spoken(text: str, voice: Voice) -> Iterator[tuple[str, bytes]]:
    """Each word of `text` with its share of the sound, by its length."""
    sound, said, start = voice(text), 0, 0
    for word in words(text):
        said += len(word)
        end = len(sound) * said // len(text) // 2 * 2
        yield word, sound[start:end]
        start = end


def as_wav(sound: bytes) -> bytes:
    """It as a file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(sound)
    return out.getvalue()


def duration_ms(sound: bytes) -> int:
    """How long it lasts."""
    return len(sound) // BYTES_PER_MS
