"""`python -m insta_voice.doctor.media_probe`: join a room, print by which way, end. Run by `media.join` only.

Standard input is JSON: {"url", "token", "s": seconds to try}. It ends without tearing anything down.
"""

import asyncio
import contextlib
import json
import os
import sys
from typing import Final, Literal

from livekit import rtc

_RELAYED: Final = 3  # IceCandidateType.RELAY of livekit-ffi's stats.proto

Way = Literal["udp", "tcp", "relay", "joined", "none"]


async def _join(url: str, token: str, timeout_s: float) -> Way:
    room = rtc.Room()
    try:
        async with asyncio.timeout(timeout_s):
            await room.connect(url, token, rtc.RoomOptions(auto_subscribe=False))
            way = _way(await room.get_rtc_stats())
    except (rtc.ConnectError, TimeoutError):
        return "none"
    with contextlib.suppress(Exception):
        await room.disconnect()
    return way


def _way(stats: rtc.RtcStats) -> Way:
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


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    print(asyncio.run(_join(given["url"], given["token"], given["s"])), flush=True)
    os._exit(0)
