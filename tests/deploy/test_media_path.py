"""In compose.yaml livekit-server announces the public address alone, which a worker beside it may not be able to reach:
the machine would have to send its own packets back in. They meet all the same, because the server also answers on the
address it was asked on. Here with network namespaces, as Docker's bridge joins them."""

import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.support.image import ROOT, require_programs
from tests.support.media_server import BROUGHT

NOBODYS = "198.51.100.7"  # TEST-NET-2 (RFC 5737): nothing answers there
SERVER, WORKER = "172.30.99.3", "172.30.99.4"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def bridge() -> Iterator[tuple[str, str]]:
    """Two namespaces on one bridge, without a way out."""
    require_programs({"ip": "iproute2"})
    name = f"iv{secrets.token_hex(3)}"
    places = {f"{name}s": SERVER, f"{name}w": WORKER}
    ip("link", "add", name, "type", "bridge")
    ip("link", "set", name, "up")
    for place, address in places.items():
        ip("netns", "add", place)
        ip("link", "add", f"v{place}", "type", "veth", "peer", "name", "eth0", "netns", place)
        ip("link", "set", f"v{place}", "master", name, "up")
        for device in ("lo", "eth0"):
            ip("-n", place, "link", "set", device, "up")
        ip("-n", place, "addr", "add", f"{address}/24", "dev", "eth0")
    yield f"{name}s", f"{name}w"
    for place in places:
        ip("netns", "del", place)
    ip("link", "del", name)


def test_a_worker_beside_the_server_hears_although_it_cannot_reach_its_public_address(
    bridge: tuple[str, str], tmp_path: Path
) -> None:
    server, worker = bridge
    secret = secrets.token_hex(32)
    config = yaml.safe_load((ROOT / "deploy" / "compose" / "livekit.yaml").read_text())
    del config["webhook"]
    (tmp_path / "livekit.yaml").write_text(yaml.safe_dump(config))
    keys = tmp_path / "keys"
    keys.touch(mode=0o400)
    keys.write_text(f"insta-voice: {secret}")
    binary = shutil.which("livekit-server") or str(BROUGHT)
    start = [binary, f"--config={tmp_path}/livekit.yaml", f"--key-file={keys}", f"--node-ip={NOBODYS}"]
    inside = ["ip", "netns", "exec"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([*inside, server, *start], stdout=log, stderr=log)
    try:
        peers = [sys.executable, str(Path(__file__).with_name("peers.py"))]
        said = subprocess.run(
            [*inside, worker, *peers, f"ws://{SERVER}:7880", "insta-voice", secret],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr + (tmp_path / "log").read_text()
    finally:
        process.kill()
        process.wait()
