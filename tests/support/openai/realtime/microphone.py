"""The input audio buffer, and the server's turn detection over it: by level, as the kit's callers are clean."""

import base64
import binascii
from collections.abc import Iterator
from typing import Final, Literal

import numpy as np
from tests.support.openai.checked import Json
from tests.support.openai.realtime.conversation import Rejected
from tests.support.openai.sound import duration_ms

_VOICE_DBFS: Final = -45.0  # a caller of `tests.support.speech` is at -20, their room at -60
_LEAST_MS: Final = 100  # of audio in a turn; OpenAI refuses less
_SILENCE_MS: Final = 500  # OpenAI's default for server_vad, taken for semantic_vad too


class Microphone:
    """What the caller said since the last turn."""

    def __init__(self) -> None:
        self.heard_ms = 0  # since the session began
        self.speaking = False
        self._pcm = bytearray()
        self._quiet_ms = 0

    def append(self, encoded: str, detection: Json | None) -> Iterator[Literal["started", "stopped"]]:
        """Take sound in; with turn `detection`, say when a voice starts and stops in it."""
        try:
            pcm = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise Rejected("invalid_value", "Invalid 'audio'. Expected base64.", "audio") from error
        self._pcm += pcm
        self.heard_ms += duration_ms(pcm)
        if detection is None:
            return
        if _level_dbfs(pcm) > _VOICE_DBFS:
            self._quiet_ms = 0
            if not self.speaking:
                self.speaking = True
                yield "started"
        elif self.speaking:
            self._quiet_ms += duration_ms(pcm)
            if self._quiet_ms >= (detection.get("silence_duration_ms") or _SILENCE_MS):
                self.speaking = False
                yield "stopped"

    def take(self) -> bytes:
        """The buffer as a turn. Rejected when there is next to nothing in it."""
        pcm = bytes(self._pcm)
        lasts_ms = duration_ms(pcm)
        if lasts_ms < _LEAST_MS:
            problem = f"buffer too small. Expected at least {_LEAST_MS}ms of audio, but buffer only has {lasts_ms}ms."
            raise Rejected("input_audio_buffer_commit_empty", f"Error committing input audio buffer: {problem}")
        self.clear()
        return pcm

    def clear(self) -> None:
        """Forget it."""
        self._pcm.clear()
        self._quiet_ms = 0
        self.speaking = False


def _level_dbfs(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9)) if samples.size else -180.0
