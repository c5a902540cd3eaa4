"""How loud it is: the room's own noise, and what is no louder than that."""

from dataclasses import dataclass

import numpy as np

_SURELY_NO_VOICE = 0.1  # Silero's probability; it stays above for about 0.1 s after the last sound
_ABOVE_NOISE_DB = 3.0  # the level of steady noise moves by ±1 dB from window to window
_QUIETEST_DBFS = -80.0  # a muted or gated microphone sends zeros
_FALLS, _RISES = 0.3, 0.05  # of the way, each window: one quiet moment shows the floor, a cough does not raise it


def level_dbfs(pcm: bytes) -> float:
    """The level of 16-bit mono audio in dB below full scale."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768
    power = float((samples**2).mean()) if samples.size else 0.0
    return 10 * float(np.log10(max(power, 1e-12)))


@dataclass(slots=True)
class NoiseFloor:
    """Silero believes in a voice for a tenth of a second after its last sound: what is no louder than the room was
    before is over already. Until the room was heard once, nothing is.
    """

    dbfs: float | None = None

    def is_over(self, pcm: bytes, voice: float) -> bool:
        """Whether this window, `voice` 0 to 1 by Silero, is the room and nobody."""
        level = max(level_dbfs(pcm), _QUIETEST_DBFS)
        if voice < _SURELY_NO_VOICE:
            before = level if self.dbfs is None else self.dbfs
            self.dbfs = before + (level - before) * (_FALLS if level < before else _RISES)
        return self.dbfs is not None and level < self.dbfs + _ABOVE_NOISE_DB
