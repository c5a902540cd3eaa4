"""From plans to sound: the same plan is the same sound each time."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from bench.turn_taking.alignment import meeting_places
from bench.turn_taking.case import Case
from bench.turn_taking.kept import Kept, code_of, key_of
from bench.turn_taking.plan import Plan
from bench.turn_taking.shaping import at_level, by_telephone, in_a_room, place, sounding, with_floor, with_pause
from bench.turn_taking.sounds import RATE_HZ, SOUNDS

from insta_voice.voice.local import audio, piper
from insta_voice.voice.local.audio import Samples, from_pcm16, resample, to_pcm16
from insta_voice.voice.local.piper import SAMPLE_RATE as PIPER_HZ
from insta_voice.voice.local.piper import Piper

_AFTER_S = 3.2  # the longest pause the engine waits for, and a recognition, and a margin
# The assistant of a scene with an echo is taken to have fallen silent by then: it is not played live.
_YIELDS_AFTER_S = 0.8
_CALLER_DBFS = -20.0  # what an echo's level is relative to

_SPEAKER = code_of(piper, audio)

Say = Callable[[str, float, float], Samples]
"""Text, speed, pitch to 16 kHz samples."""


@dataclass
class Voice:
    """The local voice, loaded when it has something new to say."""

    kept: Kept
    _piper: Piper | None = field(default=None, init=False)

    def __call__(self, text: str, speed: float, pitch: float) -> Samples:
        """`pitch` 0.9 is a tenth lower, as slow as before."""
        key = key_of("speech", Piper.model, _SPEAKER, text, f"{speed:.3f} {pitch:.3f}")
        pcm = self.kept.get(key)
        if pcm is None:
            self._piper = self._piper or Piper()
            # More samples a second than they are played at: lower and slower, so Piper speaks quicker by as much.
            spoken = self._piper.speak(text, speed=speed / pitch, variation=0)
            pcm = to_pcm16(resample(spoken, PIPER_HZ, round(RATE_HZ / pitch)))
            self.kept.put(key, pcm)
        return from_pcm16(pcm)


def render(plan: Plan, say: Say) -> Case:
    """`plan` as it sounds in the microphone."""
    chance = np.random.default_rng(np.frombuffer(plan.seed.encode(), np.uint8))
    if not plan.text and not plan.sound:
        return _echo_alone(plan, say, chance)
    if plan.text:
        clean, gaps = _spoken(plan, say)
    else:
        clean, gaps = SOUNDS[plan.sound](chance), []
    clean = at_level(clean, plan.level_dbfs)
    begins = int(plan.begins_s * RATE_HZ)
    track = np.zeros(begins + clean.size + int(_AFTER_S * RATE_HZ), np.float32)
    place(track, clean, begins)
    if plan.echo_db is not None:
        echo = _echo(plan, say, chance)
        place(track, echo[: begins + int(_YIELDS_AFTER_S * RATE_HZ)], 0)
    first, last = sounding(clean)
    return Case(
        plan,
        _heard(track, plan, chance),
        sounds_from_s=(begins + first) / RATE_HZ,
        sounds_until_s=(begins + last) / RATE_HZ,
        gaps_s=tuple((plan.begins_s + start / RATE_HZ, plan.begins_s + end / RATE_HZ) for start, end in gaps),
    )


def _spoken(plan: Plan, say: Say) -> tuple[Samples, list[tuple[int, int]]]:
    """The text with its pauses put in; said as a whole, so that the melody is that of one sentence."""
    samples = say(plan.said, plan.speed, plan.pitch)
    if not plan.pauses_s:
        return samples, []
    parts = [say(part.strip(), plan.speed, plan.pitch) for part in plan.text.split("|")]
    gaps, put_in = [], 0
    for found, pause_s in zip(meeting_places(parts, samples), plan.pauses_s, strict=True):
        size, at = round(pause_s * RATE_HZ), found + put_in
        samples = with_pause(samples, at, pause_s)
        gaps.append((at, at + size))
        put_in += size
    return samples, gaps


def _echo(plan: Plan, say: Say, chance: np.random.Generator) -> Samples:
    assert plan.echo_db is not None
    spoken = in_a_room(say(plan.assistant_says, 1.0, 1.0), chance)
    return at_level(spoken, _CALLER_DBFS + plan.echo_db)


def _echo_alone(plan: Plan, say: Say, chance: np.random.Generator) -> Case:
    """The caller listens, and the microphone hears what they hear."""
    echo = _echo(plan, say, chance)
    until_s = echo.size / RATE_HZ
    track = np.concatenate([echo, np.zeros(int(_AFTER_S * RATE_HZ), np.float32)])
    return Case(plan, _heard(track, plan, chance), sounds_from_s=0.0, sounds_until_s=until_s)


def _heard(track: Samples, plan: Plan, chance: np.random.Generator) -> bytes:
    if plan.telephone:
        track = by_telephone(track)
    return to_pcm16(with_floor(track, chance))
