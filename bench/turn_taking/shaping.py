"""What becomes of clean sound on its way to the engine: pauses, levels, a room, a telephone.

16 kHz mono, shape (n,).
"""

import numpy as np
from bench.turn_taking.sounds import RATE_HZ, band

from insta_voice.voice.local.audio import Samples, frame_levels_dbfs, resample, speech_level_dbfs

FLOOR_DBFS = -60.0  # a quiet room through a microphone; v1-mini dislikes digital silence
AUDIBLE_DB = 40.0  # what is quieter than the loudest 20 ms by this much is lost in the floor
_FADE_S = 0.005
_FRAME_S = 0.02
_MU = 255.0


def at_level(samples: Samples, dbfs: float) -> Samples:
    """As loud as that, measured without its pauses; peaks are kept below full scale."""
    gain = 10 ** ((dbfs - speech_level_dbfs(samples, RATE_HZ)) / 20)
    return (samples * min(gain, 0.95 / max(float(np.abs(samples).max()), 1e-6))).astype(np.float32)


def sounding(samples: Samples) -> tuple[int, int]:
    """From where to where it can be heard, in samples."""
    levels = frame_levels_dbfs(samples, RATE_HZ)
    loud = np.flatnonzero(levels > levels.max() - AUDIBLE_DB)
    frame = int(_FRAME_S * RATE_HZ)
    return int(loud[0]) * frame, (int(loud[-1]) + 1) * frame


def quietest(samples: Samples, low: int, high: int) -> int:
    """The middle of the quietest 20 ms between two positions."""
    size, step = int(_FRAME_S * RATE_HZ), int(_FADE_S * RATE_HZ)
    low, high = max(0, low), min(high, samples.size - size)
    starts = range(low, max(low + 1, high), step)
    return min(starts, key=lambda start: float(np.square(samples[start : start + size]).sum())) + size // 2


def with_pause(samples: Samples, position: int, seconds: float) -> Samples:
    """Silence put in there, faded on both sides."""
    fade = np.linspace(0.0, 1.0, int(_FADE_S * RATE_HZ), dtype=np.float32)
    before, after = samples[:position].copy(), samples[position:].copy()
    before[-fade.size :] *= fade[::-1]
    after[: fade.size] *= fade
    return np.concatenate([before, np.zeros(round(seconds * RATE_HZ), np.float32), after])


def in_a_room(samples: Samples, chance: np.random.Generator) -> Samples:
    """From a small loudspeaker into the microphone: late, without bass, with a few reflections."""
    late = int(chance.uniform(0.04, 0.12) * RATE_HZ)
    taps = np.zeros(int(0.25 * RATE_HZ), np.float32)
    taps[0] = 1.0
    for _ in range(12):
        at = int(chance.integers(60, taps.size))
        taps[at] += chance.uniform(-0.4, 0.4) * 0.5 ** (at / (0.05 * RATE_HZ))
    size = samples.size + taps.size
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(taps, size), size)[: samples.size]
    return np.concatenate([np.zeros(late, np.float32), band(heard.astype(np.float32), 250, 5000)])[: samples.size]


def by_telephone(samples: Samples) -> Samples:
    """300 to 3,400 Hz, 8,000 samples a second of 8 bits (mu-law)."""
    narrow = resample(band(samples, 300, 3400), RATE_HZ, RATE_HZ // 2)
    pressed = np.sign(narrow) * np.log1p(_MU * np.minimum(np.abs(narrow), 1.0)) / np.log1p(_MU)
    coded = np.round(pressed * 127) / 127
    heard = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(_MU)) / _MU
    return resample(heard.astype(np.float32), RATE_HZ // 2, RATE_HZ)


def with_floor(samples: Samples, chance: np.random.Generator) -> Samples:
    """In a quiet room."""
    return (samples + chance.normal(0, 10 ** (FLOOR_DBFS / 20), samples.size)).astype(np.float32)


def place(track: Samples, sound: Samples, at: int) -> None:
    """Add `sound` to `track`, as far as it reaches."""
    until = min(track.size, at + sound.size)
    track[at:until] += sound[: until - at]
