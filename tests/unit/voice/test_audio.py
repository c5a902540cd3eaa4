"""Arithmetic on speech: levels, rates and where to cut, on signals whose answers are known."""

import numpy as np
import pytest

from insta_voice.voice.local.audio import (
    from_pcm16,
    resample,
    speech_level_dbfs,
    split_long,
    to_pcm16,
)


def tone(seconds: float, rate: int = 16_000, hz: float = 440, amplitude: float = 0.5) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def test_pcm_goes_there_and_back():
    samples = tone(0.1)
    assert np.abs(from_pcm16(to_pcm16(samples)) - samples).max() < 1e-4
    assert from_pcm16(to_pcm16(np.array([2.0, -2.0], np.float32))) == pytest.approx([1, -1], abs=1e-3)
    assert from_pcm16(b"\x00\x00\x01").size == 1


@pytest.mark.parametrize(("rate", "to"), [(48_000, 16_000), (22_050, 24_000), (8_000, 16_000)])
def test_resampling_keeps_length_pitch_and_loudness(rate, to):
    out = resample(tone(1.0, rate), rate, to)
    assert out.size == to
    assert np.argmax(np.abs(np.fft.rfft(out))) == 440
    assert np.abs(out).max() == pytest.approx(0.5, abs=0.02)


def test_the_speech_level_ignores_pauses():
    speech = np.concatenate([tone(1.0), np.zeros(64_000, np.float32), tone(1.0)])
    assert speech_level_dbfs(speech, 16_000) == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.3)
    assert speech_level_dbfs(np.zeros(0, np.float32), 16_000) == -120


def test_long_audio_is_cut_in_its_pauses_and_nothing_is_lost():
    parts = [tone(3.0), np.zeros(8_000, np.float32), tone(3.0), np.zeros(8_000, np.float32), tone(2.0)]
    samples = np.concatenate(parts)
    pieces = split_long(samples, 16_000, 5.0)
    assert np.array_equal(np.concatenate(pieces), samples)
    assert all(piece.size <= 5 * 16_000 for piece in pieces)
    first_cut_s = pieces[0].size / 16_000
    assert 3.0 < first_cut_s < 3.5
