"""Stock LiveKit Agents, and the same tuned: the caller's side of the door."""

from pathlib import Path
from typing import Final

from bench.latency.rooms import MediaServer, new_room
from bench.latency.side import Invitation, Turn
from bench.latency.written import Written

STOCK, TUNED = "stock", "tuned"
AGENTS: Final = {"livekit": STOCK, "tuned": TUNED}
"""The agents' names on the media server, by those of the sides."""


class LiveKitSide:
    """An agent that is sent to the room when the caller opens it."""

    def __init__(self, name: str, agent_name: str, server: MediaServer, written_to: Path) -> None:
        self._name = name
        self._agent_name = agent_name
        self._server = server
        self._written = Written(written_to)

    @property
    def name(self) -> str:
        return self._name

    async def invite(self) -> Invitation:
        """A room that opens when the caller joins."""
        room = new_room(self._name)
        return Invitation(self._server.url, self._server.token(room, "caller", agent_name=self._agent_name), room)

    async def turns(self, call_id: str) -> list[Turn]:
        """As the session told of them."""
        await self._server.take_down(call_id)
        return self._written.turns(call_id)
