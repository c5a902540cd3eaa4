"""`insta-voice api` as a process: serves before the other parts are there, survives them, and ends when told."""

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path

import httpx
from tests.support.firebase import CertificateServer
from tests.support.postgres import TestDatabase, free_port
from tests.support.settings import COMPLETE

COMMAND = str(Path(sys.executable).with_name("insta-voice"))


async def start(tmp_path: Path, **variables: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        COMMAND,
        "api",
        env={**COMPLETE, "PATH": os.environ["PATH"], **variables},
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def test_it_serves_while_everything_else_is_away_and_stops_in_time(
    tmp_path: Path, certificate_server: CertificateServer
) -> None:
    port, address = free_port(), str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(address)
        notified.setblocking(False)
        process = await start(tmp_path, INSTA_PORT=str(port), NOTIFY_SOCKET=address)
        try:
            said = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(notified, 1000), 60)
            assert said.startswith(b"READY=1\n")
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:
                assert (await http.get("/healthz")).status_code == 200
                ready = await http.get("/readyz")
                assert (ready.status_code, ready.json()["reason"]) == (503, "The database does not answer.")
                assert (await http.get("/api/config")).json()["company_name"] == "Acme"
                assert "server" not in (await http.get("/healthz")).headers
        finally:
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode in (0, -signal.SIGTERM)
        assert time.monotonic() - started < 8


async def test_a_port_in_use_is_named(tmp_path: Path, database: TestDatabase) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await start(tmp_path, INSTA_PORT=str(port), DATABASE_URL=database.url)
        _, error = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in error.decode()
