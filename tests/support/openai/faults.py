"""What goes wrong, and when. A fault is met once before an answer begins and once before each piece of it.

`after` counts pieces: words of a text or of speech, parts of a tool call's arguments, quarters of any other body.
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol


class Wire(Protocol):
    """An answer on its way, as a fault sees it."""

    async def spoil(self) -> None:
        """Send what nobody can read."""
        ...

    def cut(self) -> None:
        """Cut the socket, without a goodbye."""
        ...


class Gone(Exception):
    """Nothing more can be sent on this wire."""


class SessionExpired(Exception):
    """The longest time of a Realtime session is over; nothing else has one."""


class Fault:
    """Nothing goes wrong; what does, overrides one of these."""

    async def before(self, wire: Wire) -> None:
        """Before the first byte of an answer."""

    async def during(self, sent: int, wire: Wire) -> None:
        """Before the next piece, after `sent` of them."""

    def limit(self, pieces: int) -> int | None:
        """After how many of a tool call's `pieces` the model's output limit is reached, if it is."""
        return None

    @property
    def overlaps(self) -> bool:
        """Whether a Realtime response is refused because another one is active."""
        return False


FINE = Fault()


@dataclass(frozen=True, slots=True)
class Late(Fault):
    """The first byte comes `by_s` seconds late."""

    by_s: float = 60.0

    async def before(self, wire: Wire) -> None:
        await asyncio.sleep(self.by_s)


@dataclass(frozen=True, slots=True)
class Stall(Fault):
    """Nothing comes for `for_s` seconds in the middle."""

    after: int = 2
    for_s: float = 60.0

    async def during(self, sent: int, wire: Wire) -> None:
        if sent == self.after:
            await asyncio.sleep(self.for_s)


@dataclass(frozen=True, slots=True)
class Cut(Fault):
    """The socket is cut in the middle; after 0 pieces, before anything but the head."""

    after: int = 2

    async def during(self, sent: int, wire: Wire) -> None:
        if sent == self.after:
            wire.cut()
            raise Gone


@dataclass(frozen=True, slots=True)
class Malformed(Fault):
    """One event among the others cannot be read."""

    after: int = 1

    async def during(self, sent: int, wire: Wire) -> None:
        if sent == self.after:
            await wire.spoil()


@dataclass(frozen=True, slots=True)
class Expired(Fault):
    """The Realtime session reaches its longest time in the middle."""

    after: int = 2

    async def during(self, sent: int, wire: Wire) -> None:
        if sent == self.after:
            raise SessionExpired


@dataclass(frozen=True, slots=True)
class HalfCall(Fault):
    """The model's output limit is reached in the middle of a tool call's arguments."""

    def limit(self, pieces: int) -> int | None:
        return pieces // 2


@dataclass(frozen=True, slots=True)
class Overlap(Fault):
    """The server says that another response is active, as when its own turn detection was quicker."""

    @property
    def overlaps(self) -> bool:
        return True
