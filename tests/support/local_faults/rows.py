"""Which part of a local call fails how and when: every combination."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Part = Literal["recogniser", "search", "account", "voice", "speech server"]
Moment = Literal["first question", "thinking ahead", "answer under way", "held"]

MOMENTS: Final[tuple[Moment, ...]] = ("first question", "thinking ahead", "answer under way", "held")
"""It is broken before the caller speaks; while they speak, and the answer is thought ahead; while an answer is heard;
from the moment in which the caller speaks over one, which is held for that."""

# "slow" is as slow as a part may be without being given up, "hangs" is for ever, "errors" says so at once, "away" is a
# server that nobody starts again, "restarts" one that is back after 3 s. "stalls" speaks half of a clause.
FAULTS: Final[dict[Part, tuple[str, ...]]] = {
    "recogniser": ("slow", "very slow", "hangs", "errors"),
    "search": ("slow", "hangs", "errors"),
    "account": ("slow", "hangs", "errors"),
    "voice": ("slow", "very slow", "hangs", "stalls", "errors"),
    "speech server": ("slow", "hangs", "errors", "away", "restarts"),
}
AT_ONCE: Final = {"errors"}
"""Such a fault is known at once; any other shows only in what is not heard."""


@dataclass(frozen=True, slots=True)
class Row:
    """One of the table."""

    part: Part
    fault: str
    moment: Moment

    def __str__(self) -> str:
        return f"{self.part}: {self.fault}, {self.moment}"


def rows() -> Iterator[Row]:
    """All of them."""
    for part, faults in FAULTS.items():
        for fault in faults:
            for moment in MOMENTS:
                yield Row(part, fault, moment)
