"""Sound that can be read: each letter a level, held for as long as a letter takes to say.

A level is far from its neighbours, so that a resampled sound can still be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from tests.support.openai.sound import S_PER_CHARACTER, SAMPLE_RATE

_STEP: Final = 64  # between two levels; the highest, of "~", is then half of what 16 bits hold
_SHORTEST_S: Final = S_PER_CHARACTER / 3  # of a letter that counts; what rings at its edges is shorter


@dataclass(frozen=True, slots=True)
class Letter:
    """One that is heard, in seconds from the beginning of its sound."""

    text: str
    begins_s: float
    ends_s: float


def lasts_s(text: str) -> float:
    """How long it takes to say it."""
    return len(text) * S_PER_CHARACTER


def say(text: str, sample_rate: int = SAMPLE_RATE) -> bytes:
    """`text` as 16-bit mono. Letters beside each other differ in parity, so that "ll" is two."""
    letters = text.encode("ascii", "replace")
    levels = [(2 * letter + place % 2) * _STEP for place, letter in enumerate(letters)]
    return np.repeat(np.array(levels, "<i2"), round(S_PER_CHARACTER * sample_rate)).tobytes()


def read(pcm: bytes, sample_rate: int = SAMPLE_RATE) -> Iterator[Letter]:
    """The letters in it, in order; silence between them is left out."""
    levels = np.rint(np.frombuffer(pcm, "<i2") / _STEP).astype(int)
    edges = [0, *(np.flatnonzero(np.diff(levels)) + 1), len(levels)]
    for begins, ends in pairwise(edges):
        level = int(levels[begins])
        if level >= 2 * ord(" ") and ends - begins >= _SHORTEST_S * sample_rate:
            yield Letter(chr(level // 2), begins / sample_rate, ends / sample_rate)
