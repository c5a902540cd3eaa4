"""A fault that says when it strikes."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.openai.faults import Fault, Wire


@dataclass
class Noted(Fault):
    """Does what `fault` does, and calls `strikes` each time it does."""

    fault: Fault
    strikes: Callable[[], None]

    async def before(self, wire: Wire) -> None:
        if type(self.fault).before is not Fault.before:
            self.strikes()
        await self.fault.before(wire)

    async def during(self, sent: int, wire: Wire) -> None:
        if sent == getattr(self.fault, "after", None):
            self.strikes()
        await self.fault.during(sent, wire)

    def limit(self, pieces: int) -> int | None:
        if (limit := self.fault.limit(pieces)) is not None:
            self.strikes()
        return limit

    @property
    def overlaps(self) -> bool:
        if self.fault.overlaps:
            self.strikes()
        return self.fault.overlaps
