"""What is left of a text when the local voice says it and the local recogniser hears it.

Said the same way each time, over a room's noise; neither echo, nor codec, nor an accent is in it. What was heard is
kept in a file of the temporary directory, so that it is said once.
"""

import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np

from insta_voice.voice.local.audio import Samples, to_pcm16
from insta_voice.voice.local.clauses import split_for_speech
from insta_voice.voice.local.moonshine import Moonshine
from insta_voice.voice.local.piper import SAMPLE_RATE, Piper
from insta_voice.voice.local.recognition import recognize_segment

KEPT = Path(tempfile.gettempdir()) / "insta-voice-heard.jsonl"
_NOISE_DBFS = -60.0  # a quiet room through a microphone


class Ear:
    """Voice and recogniser, loaded when a text comes that was not heard yet."""

    def __init__(self, kept: Path = KEPT) -> None:
        self._kept = kept
        lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
        self._heard: dict[str, str] = {line["key"]: line["heard"] for line in map(json.loads, lines)}
        self._models: tuple[Piper, Moonshine] | None = None

    def hears(self, text: str) -> str:
        """`text` as it is recognised: "" when nothing was."""
        key = hashlib.sha256(f"{Piper.model} {Moonshine.model} {text}".encode()).hexdigest()
        if key not in self._heard:
            self._heard[key] = self._recognised(text)
            with self._kept.open("a", encoding="utf-8") as kept:
                kept.write(json.dumps({"key": key, "heard": self._heard[key]}) + "\n")
        return self._heard[key]

    def _recognised(self, text: str) -> str:
        piper, moonshine = self._models = self._models or (Piper(), Moonshine())
        pieces: list[Samples] = []
        for piece in split_for_speech(text):
            pieces.append(np.zeros(int(piece.pause_before_s * SAMPLE_RATE), np.float32))
            pieces.append(piper.speak(piece.text, variation=0.0))
        spoken = np.concatenate(pieces)
        noise = np.random.default_rng(0).normal(0, 10 ** (_NOISE_DBFS / 20), spoken.size)
        return recognize_segment(moonshine, to_pcm16(spoken + noise.astype(np.float32)), SAMPLE_RATE).text
