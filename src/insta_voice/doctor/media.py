"""Whether sound would get through: the way to LiveKit's media ports, found as the agent finds it."""

import asyncio
import contextlib
import logging
from typing import Final, Literal

from livekit import rtc

from insta_voice.auth.livekit import Rooms, mint_probe_token
from insta_voice.errors import InstaVoiceError
from insta_voice.settings import LiveKitSettings

# "joined": through, but the client does not say how; "none": signalling works and media does not.
Path = Literal["udp", "tcp", "relay", "joined", "none"]
_RELAYED: Final = 3  # IceCandidateType.RELAY of livekit-ffi's stats.proto
CONNECT_TIMEOUT_S: Final = 8.0  # ICE tries every pair; on loopback 0.2 s, over TURN and a slow line 3 s


async def join(settings: LiveKitSettings, *, room_name: str) -> Path:
    """Join `room_name`, alone and unseen, say by which way, and leave it. The room is removed."""
    logging.getLogger("livekit").setLevel(logging.CRITICAL)  # its own lines would stand between the findings
    room = rtc.Room()
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            token = mint_probe_token(settings, room_name=room_name)
            await room.connect(settings.url or "", token, rtc.RoomOptions(auto_subscribe=False))
            return _way(await room.get_rtc_stats())
    except (rtc.ConnectError, TimeoutError):
        return "none"
    finally:
        with contextlib.suppress(Exception):
            await room.disconnect()
        with contextlib.suppress(InstaVoiceError):
            async with Rooms(settings) as rooms:
                await rooms.delete(room_name)


def _way(stats: rtc.RtcStats) -> Path:
    """The selected pair's protocol. Source of the names: livekit-ffi's stats.proto."""
    reports = [*stats.subscriber_stats, *stats.publisher_stats]
    local = {report.local_candidate.rtc.id: report.local_candidate.candidate for report in reports}
    remote = {report.remote_candidate.rtc.id: report.remote_candidate.candidate for report in reports}
    for report in reports:
        pair = report.candidate_pair.candidate_pair
        if not pair.nominated or pair.local_candidate_id not in local:
            continue
        ours, theirs = local[pair.local_candidate_id], remote.get(pair.remote_candidate_id)
        protocol = (theirs or ours).protocol or ours.protocol
        if ours.candidate_type == _RELAYED:
            return "relay"
        if protocol in ("udp", "tcp"):
            return "udp" if protocol == "udp" else "tcp"
    return "joined"
