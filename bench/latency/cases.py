"""Which cases are lived through, in which order: calls of eight, the same for every side."""

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final, Literal, get_args

from bench.latency.script import BACKCHANNELS, PAUSED, PAUSES_S, QUESTIONS, TAKES_TURN, Question

Kind = Literal["question", "takes_turn", "backchannel", "pause"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
# Whatever is said over an answer, how long that was waited for counts.
_CALL: Final[tuple[Kind, ...]] = (
    *("question", "takes_turn", "backchannel", "question"),
    *("pause", "takes_turn", "backchannel", "question"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and what the caller says over its answer, or how long they pause inside it."""

    kind: Kind
    question: Question
    over: str = ""
    pause_s: float = 0.0


def calls(turns: int, kinds: Collection[Kind] = KINDS, *, seed: int = 7) -> list[list[Case]]:
    """Calls with `turns` questions in all that are asked in one breath. No question comes twice in a call."""
    chance = random.Random(seed)  # noqa: S311 - the same calls each time
    over = {"takes_turn": cycle(TAKES_TURN), "backchannel": cycle(BACKCHANNELS)}
    paused, pauses_s = cycle(PAUSED), cycle(PAUSES_S)

    def case(kind: Kind, questions: Iterator[Question]) -> Case:
        if kind == "pause":
            return Case(kind, next(paused), pause_s=next(pauses_s))
        return Case(kind, next(questions), over=next(over[kind]) if kind in over else "")

    planned: list[list[Case]] = []
    while _asked(planned) < turns:
        questions = iter(chance.sample(QUESTIONS, len(QUESTIONS)))
        planned.append([case(kind if kind in kinds else "question", questions) for kind in _CALL])
    while _asked(planned) > turns:
        last = planned[-1]
        last.pop(max(number for number, one in enumerate(last) if one.kind != "pause"))
    return [call for call in planned if call]


def _asked(planned: Sequence[Sequence[Case]]) -> int:
    return sum(case.kind != "pause" for call in planned for case in call)
