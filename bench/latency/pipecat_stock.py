"""Stock Pipecat: the caller's side of the door, and the environment it lives in."""

from pathlib import Path
from typing import Final

import httpx
from bench.environment import Environment
from bench.latency.rooms import MediaServer, new_room
from bench.latency.side import Invitation, Turn
from bench.latency.written import Written

NAME: Final = "pipecat"
PIPECAT: Final = Environment("latency", Path(__file__).with_name("requirements.txt"), "0.5 GB")
_COMES_WITHIN_S = 30.0


class PipecatSide:
    """A bot that is in the room before the caller is: nothing here sends for one when a room opens."""

    name = NAME

    def __init__(self, url: str, server: MediaServer, written_to: Path) -> None:
        self._url = url
        self._server = server
        self._written = Written(written_to)

    async def invite(self) -> Invitation:
        """A room in which the bot waits."""
        room = new_room(self.name)
        async with httpx.AsyncClient(timeout=_COMES_WITHIN_S, trust_env=False) as http:
            token = self._server.token(room, "bot")
            answer = await http.post(f"{self._url}/calls/{room}", content=token)
            answer.raise_for_status()
        return Invitation(self._server.url, self._server.token(room, "caller"), room)

    async def turns(self, call_id: str) -> list[Turn]:
        """As its aggregators told of them."""
        await self._server.take_down(call_id)
        return self._written.turns(call_id)
