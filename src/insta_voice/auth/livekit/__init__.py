"""LiveKit's server API, and the only place that speaks it: join tokens, rooms and dispatch, webhooks.

What happens in a room during a call is the agent's, with `livekit.agents` and `livekit.rtc`.
"""

from insta_voice.auth.livekit.rooms import Participant, Rooms
from insta_voice.auth.livekit.tokens import (
    JOIN_TOKEN_TTL,
    MAX_PARTICIPANTS,
    job_metadata,
    mint_join_token,
    mint_probe_token,
)
from insta_voice.auth.livekit.webhooks import RoomEvent, verify_webhook

__all__ = [
    "JOIN_TOKEN_TTL",
    "MAX_PARTICIPANTS",
    "Participant",
    "RoomEvent",
    "Rooms",
    "job_metadata",
    "mint_join_token",
    "mint_probe_token",
    "verify_webhook",
]
