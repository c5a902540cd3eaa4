"""livekit-server takes the configurations of deploy/ as they stand, but for the addresses: it refuses unknown names."""

import asyncio
import secrets
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from tests.support.media_server import BROUGHT
from tests.support.poll import eventually_async
from tests.support.postgres import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
CONFIGS = [DEPLOY / "compose" / "livekit.yaml", DEPLOY / "systemd" / "livekit.yaml"]


def on_loopback(file: Path) -> dict[str, Any]:
    config = yaml.safe_load(file.read_text())
    rtc = {**config["rtc"], "tcp_port": 0, "udp_port": free_port(), "ips": {"includes": ["127.0.0.0/8"]}}
    rtc["enable_loopback_candidate"] = True
    return {**config, "port": free_port(), "bind_addresses": ["127.0.0.1"], "rtc": rtc}


async def start(config: dict[str, Any], folder: Path) -> tuple[asyncio.subprocess.Process, int]:
    """With its keys in a file and its address as an argument, as compose.yaml and the unit start it."""
    keys = folder / "livekit_keys"
    keys.touch(mode=0o440)
    keys.write_text(f"insta-voice: {secrets.token_hex(32)}")
    file = folder / "livekit.yaml"
    file.write_text(yaml.safe_dump(config))
    binary = shutil.which("livekit-server") or str(BROUGHT)
    process = await asyncio.create_subprocess_exec(
        *(binary, "--config", str(file), "--key-file", str(keys), "--node-ip", "127.0.0.1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return process, config["port"]


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.parent.name)
async def test_it_starts(file: Path, tmp_path: Path) -> None:
    process, port = await start(on_loopback(file), tmp_path)
    try:
        async with httpx.AsyncClient(trust_env=False) as http:

            async def answers() -> bool:
                assert process.returncode is None, await process.communicate()
                try:
                    return (await http.get(f"http://127.0.0.1:{port}/")).status_code == 200
                except httpx.TransportError:
                    return False

            await eventually_async(answers, within_s=20, what="livekit-server answers")
    finally:
        if process.returncode is None:
            process.kill()  # told to stop in the moment it starts, it can forget that
        await process.communicate()


async def test_a_name_it_does_not_know_is_refused(tmp_path: Path) -> None:
    config = on_loopback(CONFIGS[0])
    process, _ = await start({**config, "agents": {"target_lode": 0.99}}, tmp_path)
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    assert b"target_lode not found" in said  # it exits with 0 all the same
