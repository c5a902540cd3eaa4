"""A real livekit-server on loopback that reports to a webhook of the test's choice."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.postgres import free_port

from insta_voice.auth.livekit import Rooms
from insta_voice.errors import MediaServerError
from insta_voice.settings import LiveKitSettings

KEY, SECRET = "APItestkey", "test-secret-of-forty-eight-characters-0123456789"
BROUGHT = Path(__file__).parents[2] / ".tools" / "bin" / "livekit-server"
READY_WITHIN_S = 30
CONFIGURATION = """\
port: {port}
bind_addresses: ["127.0.0.1"]
rtc: {{tcp_port: {tcp}, udp_port: {udp}, node_ip: 127.0.0.1, use_external_ip: false, enable_loopback_candidate: true}}
keys: {{{key}: {secret}}}
logging: {{level: error}}
{webhook}
"""


@asynccontextmanager
async def media_server(webhook_url: str | None = None, *, port: int | None = None) -> AsyncIterator[LiveKitSettings]:
    """Starts the server, waits until it answers, and stops it; gives the settings that reach it."""
    binary = shutil.which("livekit-server") or str(BROUGHT)
    port = port or free_port()
    webhook = f'webhook: {{api_key: {KEY}, urls: ["{webhook_url}"]}}' if webhook_url else ""
    configuration = CONFIGURATION.format(
        port=port, tcp=free_port(), udp=free_port(), key=KEY, secret=SECRET, webhook=webhook
    )
    process = await asyncio.create_subprocess_exec(
        binary, "--config-body", configuration, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    settings = LiveKitSettings(url=f"ws://127.0.0.1:{port}", api_key=KEY, api_secret=SECRET)
    try:
        await _answers(settings)
        yield settings
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(settings: LiveKitSettings) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    async with Rooms(settings) as rooms:
        while True:
            try:
                return await rooms.ping()
            except MediaServerError:
                assert time.monotonic() < deadline, f"livekit-server did not answer within {READY_WITHIN_S} s"
                await asyncio.sleep(0.05)
