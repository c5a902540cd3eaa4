"""A case that can be played: its plan, its sound, and when the caller speaks in it."""

from dataclasses import dataclass

from bench.turn_taking.plan import Plan


@dataclass(frozen=True, slots=True)
class Case:
    """`pcm`: what the microphone gives, 16 kHz mono s16le. The caller is heard from `sounds_from_s` to
    `sounds_until_s`, but for `gaps_s`, the pauses within.
    """

    plan: Plan
    pcm: bytes
    sounds_from_s: float
    sounds_until_s: float
    gaps_s: tuple[tuple[float, float], ...] = ()

    @property
    def duration_s(self) -> float:
        return len(self.pcm) / 2 / 16_000
