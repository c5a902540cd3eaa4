"""Rooms without a media server: the same class, with who is there written down by the test."""

from collections.abc import Mapping

from insta_voice.auth.livekit import Participant, Rooms
from insta_voice.errors import MediaServerError
from insta_voice.settings import LiveKitSettings


class ScriptedRooms(Rooms):
    """`present` says who is in which room; `said` keeps what was asked of the server, in order.

    The server is `away` altogether, does not answer for the rooms in `broken`, or fails to dispatch `refusals` times.
    """

    def __init__(self) -> None:
        super().__init__(LiveKitSettings(_env_file=None))  # type: ignore[call-arg]
        self.present: dict[str, list[Participant]] = {}
        self.said: list[tuple[str, str, str]] = []
        self.away = False
        self.broken: set[str] = set()
        self.refusals = 0

    async def participants(self, room: str) -> list[Participant]:
        if self.away or room in self.broken:
            raise MediaServerError
        return list(self.present.get(room, []))

    async def dispatch_agent(self, room: str, metadata: str | Mapping[str, str]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise MediaServerError
        self.said.append(("dispatch", room, str(metadata)))

    async def remove(self, room: str, identity: str) -> bool:
        self.said.append(("remove", room, identity))
        self.present[room] = [someone for someone in self.present[room] if someone.identity != identity]
        return True

    async def delete(self, room: str) -> bool:
        if self.away:
            raise MediaServerError
        self.said.append(("delete", room, ""))
        return self.present.pop(room, None) is not None
