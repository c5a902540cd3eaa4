"""How long a caller heard nothing, measured on the sound that left the call; and whether that is what is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from tests.support.local_faults.play import Asked, Played
from tests.support.local_faults.rows import AT_ONCE
from tests.support.memory_call import legible

from insta_voice.agent.prompts import variants
from insta_voice.agent.speech.playout import SAMPLE_RATE_HZ

# Promise 13.
HEARD_WITHIN_S: Final = 1.5
LONGEST_SILENCE_S: Final = 4.0
# After "one moment, please": then it is said again that somebody is there. Above 6 s lies what the playout holds of a
# sound's end until more comes.
LONGEST_EXPLAINED_S: Final = 6.1
_SAME_S: Final = 0.1  # a shorter silence is within a sentence, or a frame that fades


def _letters(text: str) -> str:
    """Without what nobody hears."""
    return "".join(letter for letter in text if letter.isalpha())


_EXPLAINS: Final = tuple(
    _letters(text) for name in ("moment", "looking_at_account", "looking_in_articles") for text in variants(name)
)


def _explains(text: str) -> bool:
    """Whether it ends in a sentence that does; the last letter may come later."""
    return any(_letters(text).endswith((sentence, sentence[:-1])) for sentence in _EXPLAINS)


@dataclass(frozen=True, slots=True)
class Silence:
    """Of `lasts_s` seconds before `then` was heard; `explained` by what was heard before it."""

    lasts_s: float
    then: str
    explained: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The silences after each question, the first of each before anything was heard."""

    silences: Sequence[Sequence[Silence]]
    outcome: str
    wrong: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Sound:
    begins_s: float
    ends_s: float
    text: str


def judge(played: Played) -> Verdict:
    """Measure and judge a row."""
    sounds = _sounds(played.heard, played.began_s)
    silences = [_silences(asked, sounds) for asked in played.asked]
    wrong = []
    for asked, each in zip(played.asked, silences, strict=True):
        if not each:
            wrong.append(f"nothing was heard after {asked.text!r}")
        elif played.row.fault in AT_ONCE and each[0].lasts_s > HEARD_WITHIN_S:
            wrong.append(f"{each[0].lasts_s:.2f} s until {each[0].then!r}")
        wrong += [
            f"{silence.lasts_s:.2f} s of silence before {silence.then!r}"
            for silence in each
            if silence.lasts_s > (LONGEST_EXPLAINED_S if silence.explained else LONGEST_SILENCE_S)
        ]
    return Verdict(silences, " → ".join(asked.outcome for asked in played.asked), wrong)


def line(played: Played, verdict: Verdict) -> str:
    """The row as it is printed."""
    each = [silence for silences in verdict.silences for silence in silences]
    first = ", ".join(f"{silences[0].lasts_s:.2f}" for silences in verdict.silences if silences)
    unexplained = max((silence.lasts_s for silence in each if not silence.explained), default=0.0)
    explained = max((silence.lasts_s for silence in each if silence.explained), default=0.0)
    told = f"| {first} | {unexplained:.2f} | {explained:.2f} | {verdict.outcome} | {'; '.join(verdict.wrong)} |"
    return f"| {played.row.part} | {played.row.fault} | {played.row.moment} {told}"


def _sounds(heard: npt.NDArray[np.int16], began_s: float) -> list[_Sound]:
    edges = [0, *(np.flatnonzero(np.diff((heard != 0).astype(np.int8))) + 1).tolist(), heard.size]
    loud = [(begins, ends) for begins, ends in pairwise(edges) if begins < ends and heard[begins]]
    joined: list[tuple[int, int]] = []
    for begins, ends in loud:
        if joined and begins - joined[-1][1] < _SAME_S * SAMPLE_RATE_HZ:
            begins = joined.pop()[0]
        joined.append((begins, ends))
    return [
        _Sound(
            began_s + begins / SAMPLE_RATE_HZ,
            began_s + ends / SAMPLE_RATE_HZ,
            "".join(letter.text for letter in legible.read(heard[begins:ends].tobytes(), SAMPLE_RATE_HZ)),
        )
        for begins, ends in joined
    ]


def _silences(asked: Asked, sounds: Sequence[_Sound]) -> list[Silence]:
    """Between the last sound of a question and what came of it."""
    found, quiet_since_s, before = list[Silence](), asked.ended_s, ""
    for sound in sounds:
        if sound.ends_s <= asked.ended_s or sound.begins_s > asked.settled_s:
            continue
        lasts_s = max(0.0, sound.begins_s - quiet_since_s)
        found.append(Silence(lasts_s, sound.text.strip(), _explains(before)))
        quiet_since_s, before = sound.ends_s, sound.text
    return found
