"""Rooms for the peers on the media server that runs: made by a join token, taken down after the call."""

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from livekit import api

_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MediaServer:
    """Where it is (ws://…), and what its tokens are signed with."""

    url: str
    api_key: str
    api_secret: str

    def token(self, room_name: str, identity: str, *, agent_name: str = "") -> str:
        """A join token; with an agent's name, it is sent there when the room opens."""
        grants = api.VideoGrants(room_join=True, room=room_name)
        token = api.AccessToken(self.api_key, self.api_secret).with_identity(identity).with_ttl(_AN_HOUR)
        token = token.with_grants(grants)
        if agent_name:
            dispatch = api.RoomAgentDispatch(agent_name=agent_name)
            token = token.with_room_config(api.RoomConfiguration(name=room_name, agents=[dispatch]))
        return token.to_jwt()

    async def take_down(self, room_name: str) -> None:
        """End what is left of a room: a job stays for 20 s where nobody does."""
        address = self.url.replace("ws", "http", 1)
        async with api.LiveKitAPI(address, self.api_key, self.api_secret) as server:
            with contextlib.suppress(api.TwirpError):  # it has ended by itself
                await server.room.delete_room(api.DeleteRoomRequest(room=room_name))


def new_room(side: str) -> str:
    """A name that no other room has."""
    return f"bench-{side}-{uuid4().hex[:8]}"
