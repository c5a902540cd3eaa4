"""A text to speech, piece by piece: what is next is synthesised while what is ready is being heard."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import numpy as np

from insta_voice.voice.local.audio import Samples, to_pcm16
from insta_voice.voice.local.clauses import Piece, split_for_speech
from insta_voice.voice.local.piper import SAMPLE_RATE, Piper
from insta_voice.voice.local.work import Priority, Workers

_ENDINGS = tuple(".!?…,;:–—-\"'”’)]")


@dataclass(frozen=True, slots=True)
class SpokenPiece:
    """The speech of text[start:end] after `pause_s` of silence. `samples`: shape (n,), 22.05 kHz mono."""

    start: int
    end: int
    pause_s: float
    samples: Samples

    @property
    def pcm16(self) -> bytes:
        """The same as signed 16-bit little-endian."""
        return to_pcm16(self.samples)


async def speak(
    piper: Piper, workers: Workers, text: str, *, speed: float = 1.0, after: str = "", ahead: bool = False
) -> AsyncIterator[SpokenPiece]:
    """The pieces of `text` in order. `after`: what was spoken just before, if this goes on from it. `ahead`: nobody
    waits for it yet.
    """
    pieces = split_for_speech(text, after=after)
    for number, piece in enumerate(pieces):
        first = number == 0 and not after
        priority = (Priority.AHEAD if ahead else Priority.FIRST_CLAUSE) if first else Priority.REST
        last = number == len(pieces) - 1
        pause_s = piece.pause_before_s / speed
        samples = await workers.run(priority, _speak_piece, piper, piece, pause_s, speed, last)
        yield SpokenPiece(piece.start, piece.end, pause_s, samples)


def _speak_piece(piper: Piper, piece: Piece, pause_s: float, speed: float, last: bool) -> Samples:
    # A comma keeps the voice up where we cut in the middle of a sentence.
    text = piece.text if last or piece.text.endswith(_ENDINGS) else piece.text + ","
    pause = np.zeros(int(pause_s * SAMPLE_RATE), dtype=np.float32)
    return np.concatenate([pause, piper.speak(text, speed=speed)])
