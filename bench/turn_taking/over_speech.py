"""Cases of sound while the assistant speaks, or of no words: what has to silence it, and what must not."""

from typing import Any

from bench.turn_taking.drawing import TEXTS, Kind
from bench.turn_taking.plan import FOR_EVER_S, Must, Plan
from bench.turn_taking.sounds import SOUNDS

ECHO_DB = (-35.0, -25.0, -15.0)  # beside a caller: behind a good echo canceller, behind a poor one, behind none
_NEARBY = "voice nearby"


def _over_speech(kind: Kind, index: int, sort: str, **fields: Any) -> Plan:
    answer = TEXTS["answers"][index % len(TEXTS["answers"])]
    return kind.plan(index, sort=sort, assistant_says=answer, assistant_until_s=FOR_EVER_S, **fields)


def backchannels(seed: int) -> list[Plan]:
    kind = Kind(seed, "backchannel", Must.LET_BE)
    sorts = [(sort, text) for sort, text in TEXTS["backchannels"].items() for _ in range(3)]
    return [_over_speech(kind, index, sort, text=text) for index, (sort, text) in enumerate(sorts)]


def interruptions(seed: int) -> list[Plan]:
    kind = Kind(seed, "interruption", Must.INTERRUPT)
    return [
        _over_speech(kind, index, text.rstrip("."), text=text)
        for index, text in kind.texts(TEXTS["interruptions"], len(TEXTS["interruptions"]))
    ]


def double_talk(seed: int) -> list[Plan]:
    """The caller and what is left of the assistant's voice, at once."""
    kind = Kind(seed, "double talk", Must.INTERRUPT)
    return [
        _over_speech(kind, index, f"{ECHO_DB[index % 2]:.0f} dB", text=text, echo_db=ECHO_DB[index % 2])
        for index, text in kind.texts(TEXTS["interruptions"], 12)
    ]


def echoes(seed: int) -> list[Plan]:
    kind = Kind(seed, "echo", Must.LET_BE)
    levels = [level for level in ECHO_DB for _ in range(6)]
    return [_over_speech(kind, index, f"{level:.0f} dB", echo_db=level) for index, level in enumerate(levels)]


def noises(seed: int) -> list[Plan]:
    kind = Kind(seed, "noise over speech", Must.LET_BE)
    sorts = [sort for sort in SOUNDS for _ in range(4)]
    plans = [_over_speech(kind, index, sort, sound=sort) for index, sort in enumerate(sorts)]
    for index in range(len(plans), len(plans) + 4):  # of somebody across the room, to somebody else
        far = {"level_dbfs": -42.0, "pitch": 1.2}
        plans.append(_over_speech(kind, index, _NEARBY, text=TEXTS["nearby"], **far))
    return plans


def noises_in_silence(seed: int) -> list[Plan]:
    kind = Kind(seed, "noise in silence", Must.BE_NO_TURN)
    sorts = [sort for sort in SOUNDS for _ in range(3)]
    return [kind.plan(index, sort, sound=sort) for index, sort in enumerate(sorts)]
