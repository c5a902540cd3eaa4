"""The media server's rooms: who is there, whom to bring, whom to put out."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import aiohttp
from livekit import api

from insta_voice.auth.livekit.keys import server_keys
from insta_voice.errors import MediaServerError
from insta_voice.settings import LiveKitSettings

API_TIMEOUT_S: Final = 3.0  # on loopback 5 ms, across a continent 300 ms: beyond this the server is not there


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone in a room: a caller, staff or an agent."""

    identity: str
    is_agent: bool


class Rooms:
    """The media server's rooms. Every method raises MediaServerError when the server does not answer in time."""

    def __init__(self, settings: LiveKitSettings) -> None:
        self._settings = settings
        self._client: api.LiveKitAPI | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection, if there is one."""
        client, self._client = self._client, None
        if client:
            await client.aclose()

    async def ping(self) -> None:
        """Return when the server answers and accepts our keys."""
        async with self._api() as server:
            await server.room.list_rooms(api.ListRoomsRequest(names=["-"]))

    async def names(self) -> list[str]:
        """The names of all open rooms."""
        async with self._api() as server:
            listed = await server.room.list_rooms(api.ListRoomsRequest())
            return [room.name for room in listed.rooms]

    async def participants(self, room: str) -> list[Participant]:
        """Who is in `room`; nobody when there is no such room."""
        async with self._api() as server:
            try:
                listed = await server.room.list_participants(api.ListParticipantsRequest(room=room))
            except api.ServerError as error:
                if error.code == api.ServerErrorCode.NOT_FOUND:
                    return []
                raise
            return [participant_of(info) for info in listed.participants]

    async def dispatch_agent(self, room: str, metadata: str | Mapping[str, str]) -> None:
        """Ask for an agent in `room`, which LiveKit opens if there is none; `metadata` as `job_metadata` makes it."""
        text = metadata if isinstance(metadata, str) else json.dumps(dict(metadata))
        async with self._api() as server:
            await server.agent_dispatch.create_dispatch(
                api.CreateAgentDispatchRequest(agent_name=self._settings.agent_name, room=room, metadata=text)
            )

    async def remove(self, room: str, identity: str) -> bool:
        """Put `identity` out of `room`; false when it was not there."""
        async with self._api() as server:
            return await _unless_missing(
                server.room.remove_participant(api.RoomParticipantIdentity(room=room, identity=identity))
            )

    async def delete(self, room: str) -> bool:
        """End `room` for everyone in it; false when there was none."""
        async with self._api() as server:
            return await _unless_missing(server.room.delete_room(api.DeleteRoomRequest(room=room)))

    @asynccontextmanager
    async def _api(self) -> AsyncIterator[api.LiveKitAPI]:
        if self._client is None:
            key, secret = server_keys(self._settings)
            self._client = api.LiveKitAPI(
                self._settings.url, key, secret, timeout=aiohttp.ClientTimeout(total=API_TIMEOUT_S)
            )
        try:
            async with asyncio.timeout(API_TIMEOUT_S):
                yield self._client
        except api.ServerError as error:
            raise MediaServerError(detail=f"livekit: {error.code} {error.status}", retry_after_s=2) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MediaServerError(detail=f"livekit: {type(error).__name__}", retry_after_s=2) from error


async def _unless_missing(request: object) -> bool:
    try:
        await request  # type: ignore[misc]
    except api.ServerError as error:
        if error.code == api.ServerErrorCode.NOT_FOUND:
            return False
        raise
    return True


def participant_of(info: api.ParticipantInfo) -> Participant:
    """Someone as LiveKit describes them."""
    return Participant(identity=info.identity, is_agent=info.kind == api.ParticipantInfo.Kind.AGENT)
