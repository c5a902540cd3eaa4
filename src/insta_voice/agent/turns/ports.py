"""What the turn engine needs (windows of audio, a recogniser, an end-of-turn model), and the events it gives."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol

SAMPLE_RATE = 16_000  # Hz, mono, signed 16 bit: what Silero, Moonshine and v1-mini all take
WINDOW_S = 0.032  # Silero judges 512 samples at a time


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of audio and how likely it holds a voice (0 to 1)."""

    pcm: bytes
    voice: float
    duration_s: float = WINDOW_S


@dataclass(frozen=True, slots=True)
class Transcription:
    """Recognised words; `confidence` 0 to 1, None when the recogniser gives none. `tokens` are what the recogniser
    wants to be reminded of when there is more of the same audio."""

    text: str
    confidence: float | None = None
    tokens: tuple[int, ...] = ()


class Recognizer(Protocol):
    """Speech to text for one segment. Raises InstaVoiceError (retryable) when it cannot."""

    async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
        """`pcm`: 16 kHz mono s16le. `final` goes before partial ones in the speech server's queue. `before`: what was
        recognised of the beginning of the same audio.
        """
        ...


class EndOfTurnModel(Protocol):
    """Judges from the sound of the voice whether a turn is over."""

    def hear(self, pcm: bytes) -> None: ...

    async def probability(self) -> float | None:
        """0 to 1 for the audio heard so far, None when there is no judgement in time."""
        ...

    def forget(self) -> None:
        """The turn is over: what comes next is a new one."""
        ...

    async def aclose(self) -> None:
        """The call is over."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What is recognised so far of a turn that goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What the turn would say if it were over now: what may be needed then can be made ready. It is no event of the
    call: nothing that anybody notices may come of it. `paused`: they have stopped speaking, for a moment at least.
    """

    text: str
    confidence: float | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The caller makes a sound over the assistant: it holds its voice until it is known what that is."""


@dataclass(frozen=True, slots=True)
class Released:
    """It was nothing: the assistant goes on where it was held."""


@dataclass(frozen=True, slots=True)
class BargeIn:
    """The caller speaks real words over the assistant: it has to fall silent."""

    text: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The caller goes on with a turn that was taken to be over and not yet answered: the answer must not start."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """The caller has to say it again: recognition failed, or (no error) what interrupted held no words."""

    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Stalled:
    """The caller has finished and recognition has not: they are to hear of it. `times` before, in this silence."""

    times: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A finished turn. `text` is what to answer; `fragment` what is new in it since the last `Ended`."""

    text: str
    fragment: str
    confidence: float | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)


Event = Heard | Expected | Held | Released | BargeIn | Resumed | Unheard | Stalled | Ended


class CallerTurns(Protocol):
    """The caller's turns, from what is heard of them. `reply_pending` tells whether the answer to the last one is still
    to come; it is set by who asks for answers.
    """

    reply_pending: Callable[[], bool]

    def events(self, windows: AsyncIterator[Window], /) -> AsyncGenerator[Event, None]:
        """Ends with the windows."""
        ...
