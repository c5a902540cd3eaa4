"""One segment of a caller's audio to words, with what helps to tell speech from a cough.

Moonshine gives no "no speech" token. What it gives: it returns nothing for noise, tones and clicks when
there is silence around them, and its tokens' probabilities fall when it guesses.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insta_voice.voice.local.audio import (
    Samples,
    frame_levels_dbfs,
    from_pcm16,
    resample,
    speech_level_dbfs,
    split_long,
)
from insta_voice.voice.local.moonshine import SAMPLE_RATE, Moonshine

PIECE_S = 20.0  # Moonshine was trained on short clips; longer audio is cut where it is quietest
SILENCE_DBFS = -60.0  # a microphone's own noise; speech from across the room is about -45
_AROUND_S = 0.3


@dataclass(frozen=True, slots=True)
class Recognition:
    """`confidence` 0 to 1: the geometric mean of the tokens' probabilities.

    `level_dbfs`: of the speech itself. `tokens`: the draft for the same segment when it has grown.
    """

    text: str
    audio_s: float
    compute_ms: float
    confidence: float
    level_dbfs: float
    tokens: tuple[int, ...] = ()


def recognize_segment(
    moonshine: Moonshine, pcm: bytes, sample_rate: int = SAMPLE_RATE, draft: Sequence[int] = ()
) -> Recognition:
    """`pcm`: signed 16-bit mono. `draft`: the tokens of what was recognised of its beginning; it is quicker with them,
    and says the same. Silence is not shown to the model: text "" with confidence 0.
    """
    samples = from_pcm16(pcm)
    audio_s = samples.size / sample_rate
    samples = _around_speech(resample(samples, sample_rate, SAMPLE_RATE))
    level_dbfs = speech_level_dbfs(samples, SAMPLE_RATE)
    if samples.size == 0 or level_dbfs < SILENCE_DBFS:
        return Recognition("", audio_s, 0.0, 0.0, level_dbfs)
    pieces = split_long(samples, SAMPLE_RATE, PIECE_S)
    whole = len(pieces) == 1  # where the cuts are moves with the length
    decoded = [moonshine.recognize(piece, draft if whole else ()) for piece in pieces]
    tokens = sum(len(piece.tokens) for piece in decoded)
    logprob = sum(piece.mean_logprob * len(piece.tokens) for piece in decoded) / max(tokens, 1)
    return Recognition(
        text=" ".join(piece.text for piece in decoded if piece.text),
        audio_s=audio_s,
        compute_ms=sum(piece.compute_ms for piece in decoded),
        confidence=math.exp(logprob) if tokens else 0.0,
        level_dbfs=level_dbfs,
        tokens=decoded[0].tokens if whole else (),
    )


def _around_speech(samples: Samples) -> Samples:
    """Without the silence before and after, but for a little lead-in and trailing context."""
    levels = frame_levels_dbfs(samples, SAMPLE_RATE)
    if levels.size == 0:
        return samples
    loud = np.flatnonzero(levels > max(SILENCE_DBFS, levels.max() - 40))
    if loud.size == 0:
        return samples[:0]
    frame, around = int(0.02 * SAMPLE_RATE), int(_AROUND_S * SAMPLE_RATE)
    return samples[max(0, int(loud[0]) * frame - around) : (int(loud[-1]) + 1) * frame + around]
