"""LiveKit's server API, and the only place that speaks it: join tokens, rooms, dispatch, webhooks."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Final, Self
from uuid import UUID

import aiohttp
import jwt
from google.protobuf.json_format import Parse, ParseError
from livekit import api

from insta_voice.errors import AuthenticationError, ConfigurationError, InvalidInputError, MediaServerError
from insta_voice.settings import LiveKitSettings

MAX_JOIN_TOKEN_TTL: Final = timedelta(minutes=10)  # what the contract allows
# A page joins within seconds, so it is short; once joined, LiveKit renews the token itself.
JOIN_TOKEN_TTL: Final = timedelta(minutes=5)
EMPTY_TIMEOUT_S: Final = 60  # a room nobody joined; the agent and a slow caller are both there well before
DEPARTURE_TIMEOUT_S: Final = 15  # a caller whose network changed joins again within it; LiveKit's own default is 20
# The caller, who comes back beside their lost connection, and people from support; agents are not counted. Without it
# one token fills the room: LiveKit takes any number of its holder's connections that only publish.
MAX_PARTICIPANTS: Final = 6
API_TIMEOUT_S: Final = 3.0  # on loopback 5 ms, across a continent 300 ms: beyond this the server is not there
CALL_ID_ATTRIBUTE: Final = "call_id"


def mint_join_token(
    settings: LiveKitSettings,
    *,
    identity: str,
    room_name: str,
    call_id: UUID,
    ttl: timedelta = JOIN_TOKEN_TTL,
    name: str | None = None,
) -> str:
    """A JWT that lets `identity` into one room with a microphone, and brings the agent there when the room opens.

    `identity` is the Firebase uid; `name` is what others in the room see. LiveKit has one switch for everything
    that is not a track, so typed text (`lk.chat`) and the pre-connect audio need `can_publish_data`.
    """
    if not timedelta(0) < ttl <= MAX_JOIN_TOKEN_TTL:
        raise ValueError(f"a join token lives at most {MAX_JOIN_TOKEN_TTL}")
    key, secret = _credentials(settings)
    token = (
        api.AccessToken(key, secret)
        .with_identity(identity)
        .with_name(name or "")
        .with_ttl(ttl)
        .with_attributes({CALL_ID_ATTRIBUTE: str(call_id)})
        .with_grants(
            api.VideoGrants(
                room_join=True,
                room=room_name,
                can_publish=True,
                can_publish_sources=["microphone"],
                can_publish_data=True,
                can_subscribe=True,
                can_update_own_metadata=False,
            )
        )
        .with_room_config(
            api.RoomConfiguration(
                name=room_name,
                metadata=job_metadata(call_id=call_id, user_id=identity),
                empty_timeout=EMPTY_TIMEOUT_S,
                departure_timeout=DEPARTURE_TIMEOUT_S,
                max_participants=MAX_PARTICIPANTS,
                agents=[
                    api.RoomAgentDispatch(
                        agent_name=settings.agent_name, metadata=job_metadata(call_id=call_id, user_id=identity)
                    )
                ],
            )
        )
    )
    return token.to_jwt()


def mint_probe_token(settings: LiveKitSettings, *, room_name: str) -> str:
    """A JWT for one minute that lets `insta-voice doctor` into an empty room of its own: no agent, nothing to send."""
    key, secret = _credentials(settings)
    grants = api.VideoGrants(
        room_join=True, room=room_name, can_publish=False, can_publish_data=False, can_subscribe=True, hidden=True
    )
    room = api.RoomConfiguration(name=room_name, empty_timeout=1, departure_timeout=1, max_participants=1)
    token = api.AccessToken(key, secret).with_identity("doctor").with_ttl(timedelta(minutes=1)).with_grants(grants)
    return token.with_room_config(room).to_jwt()


def job_metadata(*, call_id: UUID, user_id: str) -> str:
    """What a dispatched agent is told, and the room remembers, as JSON: `{"call_id", "user_id"}`."""
    return json.dumps({"call_id": str(call_id), "user_id": user_id})


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
            return [_participant(info) for info in listed.participants]

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
            key, secret = _credentials(self._settings)
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


def _participant(info: api.ParticipantInfo) -> Participant:
    return Participant(identity=info.identity, is_agent=info.kind == api.ParticipantInfo.Kind.AGENT)


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """A webhook of the media server about a call's room. `call_id` and `user_id` are what our join token gave the
    room for metadata, None for rooms that are not ours; `participant` is whom it is about, if anyone, and
    `hung_up` whether they left because they wanted to.
    """

    kind: str
    room_name: str
    call_id: UUID | None
    user_id: str | None
    participant: Participant | None
    hung_up: bool = False

    @property
    def is_about_the_caller(self) -> bool:
        """False for the agent, for staff, and for events of the room itself."""
        return self.participant is not None and self.participant == Participant(self.user_id or "", is_agent=False)


def verify_webhook(settings: LiveKitSettings, body: bytes, auth_header: str) -> RoomEvent:
    """The event in `body`, parsed only once its signature holds.

    Raises AuthenticationError when it was not signed by our media server, or for other bytes than these;
    InvalidInputError when it was, and still cannot be read.
    """
    key, secret = _credentials(settings)
    try:
        claims = api.TokenVerifier(key, secret).verify(auth_header.removeprefix("Bearer ").strip())
        signed = base64.b64decode(claims.sha256 or "", validate=True)
    except (jwt.PyJWTError, binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise _forged() from error
    if not hmac.compare_digest(signed, hashlib.sha256(body).digest()):
        raise _forged()
    try:
        event = Parse(body, api.WebhookEvent(), ignore_unknown_fields=True)
    except (ParseError, UnicodeDecodeError) as error:
        raise InvalidInputError(detail="webhook") from error
    return _room_event(event)


def _forged() -> AuthenticationError:
    return AuthenticationError("This webhook is not signed by this installation's call server.")


def _room_event(event: api.WebhookEvent) -> RoomEvent:
    info = event.participant if event.HasField("participant") else None
    call_id, user_id = _job(event.room.metadata)
    return RoomEvent(
        kind=event.event,
        room_name=event.room.name,
        call_id=call_id,
        user_id=user_id,
        participant=_participant(info) if info else None,
        hung_up=info is not None and info.disconnect_reason == api.DisconnectReason.CLIENT_INITIATED,
    )


def _job(metadata: str) -> tuple[UUID | None, str | None]:
    """What `job_metadata` wrote, read back; nothing from rooms that others made."""
    try:
        held = json.loads(metadata)
        return UUID(held["call_id"]), str(held["user_id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, None


def _credentials(settings: LiveKitSettings) -> tuple[str, str]:
    if not settings.url or not settings.api_key or not settings.api_secret:
        raise ConfigurationError("LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are needed. Set all three.")
    return settings.api_key, settings.api_secret.get_secret_value()
