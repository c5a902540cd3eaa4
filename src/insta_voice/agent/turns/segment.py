"""The audio of a turn in the making: what is open, where the last silence began, and what is already recognised."""

from collections import deque
from dataclasses import dataclass, field

from insta_voice.agent.turns.levels import NoiseFloor
from insta_voice.agent.turns.ports import SAMPLE_RATE, WINDOW_S, Window

_PRE_ROLL_WINDOWS = 12  # 0.38 s: Silero needs about 0.1 s to be sure, and soft first sounds lie before that
_START_WINDOWS = 3  # 0.1 s of voice opens a turn; a click is shorter
_RESUME_WINDOWS = 2
_WINDOW_BYTES = int(WINDOW_S * SAMPLE_RATE) * 2
_VOICE_ON, _VOICE_OFF = 0.5, 0.35  # Silero's own thresholds, with its hysteresis


@dataclass(slots=True)
class Segment:
    """Follows windows of audio; knows nothing of recognition."""

    audio: bytearray = field(default_factory=bytearray)
    open: bool = False
    voiced_s: float = 0.0  # voice since the turn opened
    silence_s: float = 0.0  # since the last voice
    resumed: bool = False  # true on the window in which speech goes on after a silence
    pause_s: float = 0.0  # how long that silence was
    _floor: NoiseFloor = field(default_factory=NoiseFloor)
    _run: int = 0
    _pre_roll: deque[bytes] = field(default_factory=lambda: deque(maxlen=_PRE_ROLL_WINDOWS))

    def push(self, window: Window, *, nobodys: bool = False) -> None:
        """`nobodys`: what sounds in it is not the caller."""
        voiced = window.voice >= (_VOICE_OFF if self._run else _VOICE_ON)
        voiced = not nobodys and not self._floor.is_over(window.pcm, window.voice) and voiced
        self._run = self._run + 1 if voiced else 0
        self.resumed = False
        if not self.open:
            self._pre_roll.append(window.pcm)
            if self._run >= _START_WINDOWS:
                self.open = True
                self.audio = bytearray(b"".join(self._pre_roll))
                self._pre_roll.clear()
                self.voiced_s, self.silence_s = self._run * window.duration_s, 0.0
            return
        self.audio += window.pcm
        if not voiced:
            self.silence_s += window.duration_s
            return
        if self.silence_s > 0 and self._run < _RESUME_WINDOWS:
            self.silence_s += window.duration_s
            return
        if self.silence_s > 0:
            self.resumed, self.pause_s, self.silence_s = True, self.silence_s, 0.0
            self.voiced_s += window.duration_s
        self.voiced_s += window.duration_s

    @property
    def voiced_until(self) -> int:
        """The byte at which the last voice ends."""
        return len(self.audio) - round(self.silence_s * SAMPLE_RATE) * 2

    def drop_until(self, position: int) -> None:
        """Forget the audio before byte `position`: it is recognised for good."""
        del self.audio[:position]

    def begin_at_the_voice(self) -> None:
        """Forget the silence before the voice that has just come back, but for what leads into it."""
        windows = _PRE_ROLL_WINDOWS + _RESUME_WINDOWS
        del self.audio[: -windows * _WINDOW_BYTES]

    def close(self) -> None:
        """The turn is over; the next voice opens a new one."""
        self._pre_roll.clear()
        self._pre_roll.extend([bytes(self.audio[-16_000 * 2 * 3 // 10 :])])
        self.audio = bytearray()
        self.open = self.resumed = False
        self.voiced_s = self.silence_s = self.pause_s = 0.0
        self._run = 0
