"""Who is let into which room: the join token of a call, and `doctor`'s for a look."""

import json
from datetime import timedelta
from typing import Final
from uuid import UUID

from livekit import api

from insta_voice.auth.livekit.keys import server_keys
from insta_voice.settings import LiveKitSettings

MAX_JOIN_TOKEN_TTL: Final = timedelta(minutes=10)  # what the contract allows
# A page joins within seconds, so it is short; once joined, LiveKit renews the token itself.
JOIN_TOKEN_TTL: Final = timedelta(minutes=5)
EMPTY_TIMEOUT_S: Final = 60  # a room nobody joined; the agent and a slow caller are both there well before
DEPARTURE_TIMEOUT_S: Final = 15  # a caller whose network changed joins again within it; LiveKit's own default is 20
# The caller, who comes back beside their lost connection, and people from support; agents are not counted. Without it
# one token fills the room: LiveKit takes any number of its holder's connections that only publish.
MAX_PARTICIPANTS: Final = 6
CALL_ID_ATTRIBUTE: Final = "call_id"


def mint_join_token(
    settings: LiveKitSettings,
    *,
    identity: str,
    room_name: str,
    call_id: UUID,
    ttl: timedelta = JOIN_TOKEN_TTL,
    name: str | None = None,
    language: str | None = None,
) -> str:
    """A JWT that lets `identity` into one room with a microphone, and brings the agent there when the room opens.

    `identity` is the Firebase uid; `name` is what others in the room see; `language` is the code of the call's. LiveKit
    has one switch for everything that is not a track, so typed text (`lk.chat`) and the pre-connect audio need
    `can_publish_data`.
    """
    if not timedelta(0) < ttl <= MAX_JOIN_TOKEN_TTL:
        raise ValueError(f"a join token lives at most {MAX_JOIN_TOKEN_TTL}")
    key, secret = server_keys(settings)
    job = job_metadata(call_id=call_id, user_id=identity, language=language)
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
                metadata=job,
                empty_timeout=EMPTY_TIMEOUT_S,
                departure_timeout=DEPARTURE_TIMEOUT_S,
                max_participants=MAX_PARTICIPANTS,
                agents=[api.RoomAgentDispatch(agent_name=settings.agent_name, metadata=job)],
            )
        )
    )
    return token.to_jwt()


def mint_probe_token(settings: LiveKitSettings, *, room_name: str) -> str:
    """A JWT for one minute that lets `insta-voice doctor` into an empty room of its own: no agent, nothing to send."""
    key, secret = server_keys(settings)
    grants = api.VideoGrants(
        room_join=True, room=room_name, can_publish=False, can_publish_data=False, can_subscribe=True, hidden=True
    )
    room = api.RoomConfiguration(name=room_name, empty_timeout=1, departure_timeout=1, max_participants=1)
    token = api.AccessToken(key, secret).with_identity("doctor").with_ttl(timedelta(minutes=1)).with_grants(grants)
    return token.with_room_config(room).to_jwt()


def job_metadata(*, call_id: UUID, user_id: str, language: str | None = None) -> str:
    """What a dispatched agent is told, and the room remembers, as JSON: `{"call_id", "user_id", "language"}`; without
    a `language`, the company's own is meant.
    """
    job = {"call_id": str(call_id), "user_id": user_id}
    return json.dumps(job if language is None else {**job, "language": language})
