"""What is heard in a call and is no word: made of noise, tones and filters, different for each generator.

16 kHz mono, shape (n,), of any level: whoever mixes them sets it.
"""

from collections.abc import Callable

import numpy as np

from insta_voice.voice.local.audio import Samples

RATE_HZ = 16_000


def band(samples: Samples, low_hz: float, high_hz: float) -> Samples:
    """Only what lies between the two frequencies."""
    spectrum = np.fft.rfft(samples)
    hz = np.fft.rfftfreq(samples.size, 1 / RATE_HZ)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    return np.fft.irfft(spectrum, samples.size).astype(np.float32)


def _noise(chance: np.random.Generator, seconds: float) -> Samples:
    return chance.standard_normal(int(seconds * RATE_HZ)).astype(np.float32)


def _decay(size: int, halves_after_s: float) -> Samples:
    return np.asarray(0.5 ** (np.arange(size) / (halves_after_s * RATE_HZ)), np.float32)


def _silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE_HZ), np.float32)


def cough(chance: np.random.Generator) -> Samples:
    """One or two: a burst, then breath through a throat that rattles a little."""
    parts = []
    for _ in range(int(chance.integers(1, 3))):
        burst = band(_noise(chance, 0.06), 300, 5000) * 1.5
        breath = _noise(chance, chance.uniform(0.18, 0.32))
        throat = band(breath, 400, 900) * 1.2 + band(breath, 1200, 2400)
        rattle = 1 + 0.6 * np.sin(2 * np.pi * chance.uniform(110, 180) * np.arange(breath.size) / RATE_HZ)
        parts += [burst, throat * rattle * _decay(breath.size, 0.07), _silence(chance.uniform(0.1, 0.2))]
    return np.concatenate(parts[:-1]).astype(np.float32)


def door(chance: np.random.Generator) -> Samples:
    """It falls shut: a thump, the frame, and the latch."""
    size = int(0.5 * RATE_HZ)
    thump = np.sin(2 * np.pi * chance.uniform(60, 110) * np.arange(size) / RATE_HZ) * _decay(size, 0.05)
    frame = band(_noise(chance, 0.5), 100, 700) * _decay(size, 0.03)
    latch = band(_noise(chance, 0.5), 1500, 4000) * _decay(size, 0.008)
    return (thump + frame + 0.5 * np.roll(latch, int(0.06 * RATE_HZ))).astype(np.float32)


def keyboard(chance: np.random.Generator) -> Samples:
    """About ten keys."""
    keys = []
    for _ in range(int(chance.integers(8, 14))):
        size = int(0.03 * RATE_HZ)
        low_hz = chance.uniform(1200, 2200)
        key = band(_noise(chance, 0.03), low_hz, low_hz + 3000) * _decay(size, 0.004)
        keys += [key * chance.uniform(0.5, 1.0), _silence(chance.uniform(0.06, 0.19))]
    return np.concatenate(keys).astype(np.float32)


def music(chance: np.random.Generator) -> Samples:
    """Three chords of plucked tones."""
    root_hz = chance.uniform(160, 280)
    chords = []
    for step in chance.permutation([0, 5, 7]):
        size = int(0.6 * RATE_HZ)
        time_s = np.arange(size) / RATE_HZ
        tones = [root_hz * 2 ** ((step + third) / 12) for third in (0, 4, 7)]
        waves = [np.sin(2 * np.pi * hz * n * time_s) / n**1.5 for hz in tones for n in range(1, 6)]
        chords.append(np.sum(waves, axis=0) * _decay(size, 0.2) * np.minimum(1, time_s / 0.01))
    return np.concatenate(chords).astype(np.float32)


SOUNDS: dict[str, Callable[[np.random.Generator], Samples]] = {
    "cough": cough,
    "door": door,
    "keyboard": keyboard,
    "music": music,
}
