"""What the media server reports, believed once its signature holds."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from uuid import UUID

import jwt
from google.protobuf.json_format import Parse, ParseError
from livekit import api

from insta_voice.auth.livekit.keys import server_keys
from insta_voice.auth.livekit.rooms import Participant, participant_of
from insta_voice.errors import AuthenticationError, InvalidInputError
from insta_voice.settings import LiveKitSettings


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
    key, secret = server_keys(settings)
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
        participant=participant_of(info) if info else None,
        hung_up=info is not None and info.disconnect_reason == api.DisconnectReason.CLIENT_INITIATED,
    )


def _job(metadata: str) -> tuple[UUID | None, str | None]:
    """What `job_metadata` wrote, read back; nothing from rooms that others made."""
    try:
        held = json.loads(metadata)
        return UUID(held["call_id"]), str(held["user_id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, None
