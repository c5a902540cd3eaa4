"""`insta-voice jobs` as a process of its own."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def jobs_process(
    database_url: str, directory: Path, log: Path, **variables: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, socket.socket]]:
    """The command as `up` starts it, with the notify socket it answers on, and these variables besides."""
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    address = directory / "notify"
    notify.bind(str(address))
    notify.setblocking(False)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LIVEKIT_", "INSTA_"))}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from insta_voice.cli import main; main()",
            "jobs",
            cwd=directory,  # no .env of a developer's
            env={**inherited, "DATABASE_URL": database_url, "NOTIFY_SOCKET": str(address), **variables},
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    try:
        yield process, notify
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        notify.close()


async def ready(notify: socket.socket) -> None:
    """Wait until it says so."""
    async with asyncio.timeout(30):
        said = await asyncio.get_running_loop().sock_recv(notify, 4096)
    assert said.startswith(b"READY=1\n")
