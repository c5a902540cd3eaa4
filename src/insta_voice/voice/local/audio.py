"""Plain arithmetic on speech: PCM bytes to numbers and back, other sample rates, loudness, where to cut."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_FULL_SCALE = 32768.0
_FRAME_S = 0.02


def from_pcm16(pcm: bytes) -> Samples:
    """Signed 16-bit little-endian mono to shape (n,), -1 to 1. A trailing odd byte is dropped."""
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.float32) / _FULL_SCALE


def to_pcm16(samples: Samples) -> bytes:
    """The other way; what is beyond full scale is clipped."""
    return (np.clip(samples, -1.0, 1.0) * (_FULL_SCALE - 1)).astype("<i2").tobytes()


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """Another sample rate, by cutting or padding the spectrum: exact for a whole clip, not for a stream."""
    if from_hz == to_hz or samples.size == 0:
        return samples
    wanted = round(samples.size * to_hz / from_hz)
    spectrum = np.fft.rfft(samples)
    out = np.zeros(wanted // 2 + 1, dtype=spectrum.dtype)
    kept = min(out.size, spectrum.size)
    out[:kept] = spectrum[:kept]
    return (np.fft.irfft(out, wanted) * (wanted / samples.size)).astype(np.float32)


def frame_levels_dbfs(samples: Samples, sample_rate: int) -> npt.NDArray[np.float64]:
    """The level of each 20 ms in dB below full scale, shape (frames,); silence is -120."""
    size = int(_FRAME_S * sample_rate)
    frames = samples[: samples.size // size * size].reshape(-1, size).astype(np.float64)
    power = (frames**2).mean(axis=1) if frames.size else np.zeros(0)
    return 10 * np.log10(np.maximum(power, 1e-12))


def speech_level_dbfs(samples: Samples, sample_rate: int) -> float:
    """The mean level of what is within 25 dB of the loudest 20 ms: the speech without its pauses."""
    levels = frame_levels_dbfs(samples, sample_rate)
    if levels.size == 0:
        return -120.0
    loud = levels[levels > levels.max() - 25]
    return float(10 * np.log10((10 ** (loud / 10)).mean()))


def split_long(samples: Samples, sample_rate: int, longest_s: float) -> list[Samples]:
    """Pieces of at most `longest_s`, cut at the quietest 20 ms of each piece's second half."""
    pieces = []
    longest = int(longest_s * sample_rate)
    size = int(_FRAME_S * sample_rate)
    while samples.size > longest:
        half = longest // 2
        quietest = int(np.argmin(frame_levels_dbfs(samples[half:longest], sample_rate)))
        cut = half + quietest * size + size // 2
        pieces.append(samples[:cut])
        samples = samples[cut:]
    return [*pieces, samples]
