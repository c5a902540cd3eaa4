"""Who answers in a room: how a caller gets there, and what was written down of the call afterwards."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a caller needs to join, and under which name the call is written down."""

    server_url: str
    token: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as the side has it, at a moment of the monotonic clock in seconds. `interrupted`: not said to its end."""

    at_s: float
    speaker: Literal["caller", "assistant"]
    text: str
    interrupted: bool = False
    parts_ms: Mapping[str, float] = field(default_factory=dict)


class Side(Protocol):
    """One of those who are compared."""

    @property
    def name(self) -> str:
        """As the command line and the table have it."""
        ...

    async def invite(self) -> Invitation:
        """A room of its own, in which the side answers, or will as soon as the caller is there."""
        ...

    async def turns(self, call_id: str) -> list[Turn]:
        """Those of a call that its caller has left, in order."""
        ...


def monotonic_s(wall_clock_s: float) -> float:
    """A moment of the wall clock as one of the monotonic clock."""
    return wall_clock_s - time.time() + time.monotonic()
