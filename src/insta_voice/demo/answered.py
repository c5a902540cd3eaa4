"""What the record says of each answer: which mind gave it, and where its time went.

A call goes on without OpenAI, and its answers are right then too. A demo of a mode is one of that mode's own mind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_APP = "app"  # what the app itself says between a question and its answer
_STAND_IN = "grounded"  # the mind of mode local, which takes over in every other one


@dataclass(frozen=True, slots=True)
class Answered:
    """`minds` in order: more than one where the next took over. `parts_ms` is of the turn that began first."""

    minds: tuple[str, ...] = ()
    parts_ms: Mapping[str, float] = field(default_factory=dict)

    def shortcomings(self, mode: str) -> list[str]:
        """What is wrong with it for a demo of `mode`, a sentence each."""
        if mode == "local":
            return []
        if not self.minds:
            return ["the record has no answer to it"]
        return [f"{_STAND_IN} answered, which stands in for the mind of mode {mode}"] if _STAND_IN in self.minds else []


def answer_to(understood: str, turns: Sequence[Mapping[str, Any]]) -> Answered:
    """What followed the caller's words in the record; a question with a pause in it is several turns there."""
    answers: list[Mapping[str, Any]] = []
    asked = False
    for turn in turns:
        if turn["speaker"] == "caller":
            asked = bool(turn["text"]) and understood.endswith(turn["text"])
        elif asked:
            answers.append(turn)
    minds = tuple(dict.fromkeys(turn["mind"] for turn in answers if turn["mind"] != _APP))
    return Answered(minds, answers[0]["timings_ms"]) if answers else Answered()
