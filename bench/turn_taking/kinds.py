"""The kinds of cases, and all of them from a seed: the same for the same seed, whichever kinds are asked for."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bench.turn_taking import over_speech, whole_turns
from bench.turn_taking.plan import Plan

_BY_TELEPHONE = ("question", "statement", "reply", "pause", "digits", "correction", "backchannel", "interruption")


def _by_telephone(seed: int) -> list[Plan]:
    """Some of the others, through 8 kHz."""
    originals = [KINDS[kind](seed)[index] for kind in _BY_TELEPHONE for index in (1, 4, 7)]
    return [
        replace(plan, name=f"telephone-{index:02}", kind="telephone", sort=plan.kind, telephone=True)
        for index, plan in enumerate(originals)
    ]


KINDS: dict[str, Callable[[int], list[Plan]]] = {
    "question": whole_turns.questions,
    "two questions": whole_turns.two_questions,
    "statement": whole_turns.statements,
    "reply": whole_turns.replies,
    "early reply": whole_turns.early_replies,
    "pause": lambda seed: whole_turns.pauses(seed, "pause", 28, 0.3, 1.0),
    "long pause": lambda seed: whole_turns.pauses(seed, "long pause", 12, 1.05, 1.5),
    "digits": whole_turns.digits,
    "correction": whole_turns.corrections,
    "trailing": whole_turns.trailing,
    "interruption": over_speech.interruptions,
    "double talk": over_speech.double_talk,
    "backchannel": over_speech.backchannels,
    "noise over speech": over_speech.noises,
    "noise in silence": over_speech.noises_in_silence,
    "echo": over_speech.echoes,
    "telephone": _by_telephone,
}


def plans(seed: int, kinds: Sequence[str] = ()) -> list[Plan]:
    """All cases of the kinds, of every kind when none is named."""
    return [plan for kind in kinds or KINDS for plan in KINDS[kind](seed)]
