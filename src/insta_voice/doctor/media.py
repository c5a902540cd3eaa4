"""Whether sound would get through: the way to LiveKit's media ports, found as the agent finds it.

The joining is done in a process of its own (`media_probe`): LiveKit's client library has threads that now and then
abort a process whose interpreter is already going, and what doctor found must not be lost with it.
"""

import asyncio
import contextlib
import json
import sys
from typing import Final, Literal, get_args

from insta_voice.auth.livekit import Rooms, mint_probe_token
from insta_voice.errors import InstaVoiceError
from insta_voice.settings import LiveKitSettings

# joined: through, but the client does not say how; none: signalling works and media does not; unknown: not found out.
Path = Literal["udp", "tcp", "relay", "joined", "none", "unknown"]
CONNECT_TIMEOUT_S: Final = 8.0  # ICE tries every pair; on loopback 0.2 s, over TURN and a slow line 3 s
LOADING_S: Final = 5.0  # what the library takes to load on a busy machine, at most


async def join(settings: LiveKitSettings, *, room_name: str) -> Path:
    """Join `room_name`, alone and unseen, say by which way, and leave it. The room is removed."""
    asked = {"url": settings.url, "token": mint_probe_token(settings, room_name=room_name), "s": CONNECT_TIMEOUT_S}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "insta_voice.doctor.media_probe",
        stdin=asyncio.subprocess.PIPE,  # a token has no place among the arguments, which everyone can list
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S + LOADING_S):
            said, _ = await process.communicate(json.dumps(asked).encode())
    except TimeoutError:
        return "unknown"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        with contextlib.suppress(InstaVoiceError):
            async with Rooms(settings) as rooms:
                await rooms.delete(room_name)
    return next((way for way in get_args(Path) if way == said.decode().strip()), "unknown")
