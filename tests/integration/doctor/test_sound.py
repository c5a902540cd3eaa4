"""Doctor finds out whether sound gets through by joining a room, as the agent does; here with each way it can go."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import media_server as support
from tests.support.doctor import said, surroundings
from tests.support.media_server import KEY, SECRET, media_server

from insta_voice.auth.livekit import Rooms
from insta_voice.doctor import media
from insta_voice.doctor.livekit import check_livekit
from insta_voice.stack.machine import NO_INTERFACE

WAYS = {
    "over UDP": ("", "", "ok: Sound gets through to LiveKit from here, over UDP."),
    "over TCP": (
        "rtc: {{",
        "rtc: {{force_tcp: true, ",
        "warning: Sound gets through to LiveKit from here over tcp only",
    ),
    # It listens on no interface of this machine, as one behind a firewall seems to.
    "not at all": (
        "rtc: {{tcp_port: {tcp}, udp_port: {udp}, node_ip: 127.0.0.1,",
        "rtc: {{ips: {{includes: [203.0.113.0/24]}}, tcp_port: 0, udp_port: {udp},",
        "problem: LiveKit lets us in, but no sound gets through",
    ),
}


@pytest.mark.parametrize(("as_it_is", "as_it_was", "sentence"), WAYS.values(), ids=WAYS.keys())
async def test_each_way_has_its_sentence(
    as_it_is: str, as_it_was: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "CONFIGURATION", support.CONFIGURATION.replace(as_it_is, as_it_was, 1))
    monkeypatch.setattr(media, "CONNECT_TIMEOUT_S", 4.0)
    async with media_server() as server:
        around = surroundings({"LIVEKIT_URL": server.url or "", "LIVEKIT_API_KEY": KEY, "LIVEKIT_API_SECRET": SECRET})
        found = said(await check_livekit(around))
        assert sentence in found
        async with Rooms(server) as rooms:
            assert await rooms.names() == [], "the room it looked from is left behind"


INTERFACE = NO_INTERFACE.rpartition("dummy): ")[2]
NETWORKS = {
    "nothing but loopback": ("true", "none"),
    "what NO_INTERFACE tells to do": (
        f"ip link add x type dummy 2>/dev/null && type=dummy || type=bridge\n{INTERFACE.replace('dummy', '$type')}",
        "udp",
    ),
}
JOIN = """
import asyncio
from tests.support.media_server import media_server
from insta_voice.doctor import media
media.CONNECT_TIMEOUT_S = 4.0
async def main():
    async with media_server() as server:
        print(await media.join(server, room_name="x"))
asyncio.run(main())
"""


@pytest.mark.parametrize(("script", "way"), NETWORKS.values(), ids=NETWORKS.keys())
def test_on_a_machine_with_loopback_only_no_sound_gets_through(script: str, way: str) -> None:
    """Which is why `up` refuses to start there, and what it tells to do helps."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("a network of one's own takes root and unshare(1)")
    joined = subprocess.run(
        ["unshare", "-n", "sh", "-ec", f'ip link set lo up\n{script}\nexec "$0" -c "$1"', sys.executable, JOIN],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert joined.stdout.split()[-1:] == [way], joined.stderr
