"""What an ear can tell: how loud it was when, where speech begins and ends, when it fell silent and for how long."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from insta_voice.demo.ear import Frame
from insta_voice.demo.microphone import SAMPLE_RATE_HZ, Pcm

FRAME_MS = 10
SILENT_DBFS = -40.0  # as the aims define silence
LASTING_MS = 200
DUCK_DB = 12.0
SPOKEN_DBFS = -45.0  # speech is well above it, comfort noise and what is left by a codec well below
_FLOOR_DBFS = -120.0  # of exact zeros
_FRAME_SAMPLES = SAMPLE_RATE_HZ * FRAME_MS // 1000

Levels = npt.NDArray[np.float64]


def levels_dbfs(samples: Pcm) -> Levels:
    """The RMS of each whole frame of 10 ms of 48 kHz mono, shape (frames,), at least -120."""
    frames = samples[: samples.size // _FRAME_SAMPLES * _FRAME_SAMPLES].reshape(-1, _FRAME_SAMPLES)
    rms = np.sqrt(np.mean(frames.astype(np.float64) ** 2, axis=1)) / 32768
    levels: Levels = 20 * np.log10(np.maximum(rms, 10 ** (_FLOOR_DBFS / 20)))
    return levels


def timeline(frames: Sequence[Frame], from_s: float, to_s: float) -> Levels:
    """The levels of what was heard between two moments, a frame every 10 ms; nothing is silence.

    A frame that is handed over late is put where it was to be heard: none is heard later than the ones that follow it
    allow, at 10 ms each.
    """
    levels = np.full(max(0, round((to_s - from_s) * 1000 / FRAME_MS)), _FLOOR_DBFS)
    if frames and levels.size:
        lasting_s = FRAME_MS / 1000 * np.arange(len(frames))
        arrived_s = np.array([frame.at_s for frame in frames]) - lasting_s
        heard_s = np.minimum.accumulate(arrived_s[::-1])[::-1] + lasting_s
        at = np.round((heard_s - from_s) * 1000 / FRAME_MS).astype(np.intp)
        within = (at >= 0) & (at < levels.size)
        levels[at[within]] = levels_dbfs(np.concatenate([frame.samples for frame in frames]))[within]
    return levels


def first_sound_ms(levels: Levels) -> float | None:
    """When something was first heard, counted from the first frame; None when nothing was."""
    (heard,) = np.nonzero(levels > SPOKEN_DBFS)
    return float(heard[0] * FRAME_MS) if heard.size else None


def trimmed(samples: Pcm) -> Pcm:
    """What a voice made, from the first frame of speech to the last: a caller's wait begins where speech ends."""
    (spoken,) = np.nonzero(levels_dbfs(samples) > SPOKEN_DBFS)
    return samples[spoken[0] * _FRAME_SAMPLES : (spoken[-1] + 1) * _FRAME_SAMPLES] if spoken.size else samples[:0]


def speech_level_dbfs(levels: Levels) -> float:
    """How loud a voice is where it speaks: what a tenth of the frames is above."""
    return float(np.percentile(levels, 90)) if levels.size else _FLOOR_DBFS


def quiet_after_ms(levels: Levels, *, spoken_ms: float, below_dbfs: float = SILENT_DBFS) -> float | None:
    """When it became quiet for 200 ms, counted from the first frame; None when it did not.

    A pause between two sentences is not meant: quiet that ends while the caller still speaks (`spoken_ms` from the
    first frame) is none.
    """
    for begins, ends in _quiet(levels, below_dbfs):
        if (ends - begins) * FRAME_MS >= LASTING_MS and (ends == levels.size or ends * FRAME_MS >= spoken_ms):
            return float(begins * FRAME_MS)
    return None


def longest_hole_ms(levels: Levels, *, begins_within_ms: float) -> float:
    """The longest silence with sound after it that begins within so long of the first frame."""
    holes = [
        (ends - begins) * FRAME_MS
        for begins, ends in _quiet(levels, SILENT_DBFS)
        if ends < levels.size and begins * FRAME_MS < begins_within_ms
    ]
    return float(max(holes, default=0))


def _quiet(levels: Levels, below_dbfs: float) -> Iterator[tuple[int, int]]:
    """From which frame to which it was quieter, the second exclusive."""
    for quiet, frames in groupby(range(levels.size), key=lambda number: bool(levels[number] < below_dbfs)):
        if quiet:
            run = list(frames)
            yield run[0], run[-1] + 1
