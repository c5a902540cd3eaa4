"""What spares a caller waiting, and gives them their turn. A call has all of it; a measurement leaves one out at a
time, to see what it gives (`bench/latency`, `bench/turn_taking`).
"""

from dataclasses import dataclass, fields, replace
from typing import Final, Self


@dataclass(frozen=True, slots=True)
class Mechanisms:
    """Which are on."""

    drafts: bool = True
    """The caller's words are recognised while they speak; without, from the first silence. Over the assistant's voice
    they always are: nothing else could tell "stop" from "mm-hm"."""

    thinking: bool = True
    """Anything is made ready while the caller speaks: evidence, and what follows from it."""

    answers: bool = True
    """Of what is made ready, the answer and the sound of its first clause; without, only the evidence is."""

    words: bool = True
    """Words have a say in when a turn is over; without, the voice alone has."""

    holding: bool = True
    """The assistant's voice is held as soon as the caller makes a sound over it; without, it stops by words only."""

    habit: bool = True
    """Who went on after a silence is waited for longer."""

    joining: bool = True
    """What follows a turn before its answer is heard belongs to it; without, it is a turn of its own."""

    @classmethod
    def without(cls, name: str) -> Self:
        """All but one of `NAMES`."""
        return replace(cls(), **{name: False})


ALL: Final = Mechanisms()
NAMES: Final = tuple(each.name for each in fields(Mechanisms))
