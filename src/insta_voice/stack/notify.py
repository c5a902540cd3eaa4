"""The listening side of sd_notify(3): one socket a start, so that an old process cannot speak for a new one."""

import asyncio
import contextlib
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

LONGEST_MESSAGE_BYTES = 4096


def parse_notification(message: bytes) -> dict[str, str]:
    """`READY=1\\nSTATUS=…` as a mapping; lines without `=` and bytes that are no text are left out."""
    lines = message.decode(errors="replace").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


class NotifySocket:
    """Waits for READY=1 on an address only our child is told, and passes on its other words."""

    def __init__(self, on_status: Callable[[str], None]) -> None:
        self._on_status = on_status
        self.on_alive: Callable[[], None] = lambda: None
        self._ready = asyncio.Event()
        self._folder: Path | None = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        if sys.platform == "linux":
            # Abstract: no file to leave behind and no limit of 108 bytes for a deep data directory.
            self.address = f"@insta-voice-{secrets.token_hex(16)}"
            self._socket.bind("\0" + self.address[1:])
        else:
            self._folder = Path(tempfile.mkdtemp(prefix="insta-voice-"))
            self.address = str(self._folder / "notify")
            self._socket.bind(self.address)
        asyncio.get_running_loop().add_reader(self._socket, self._receive)

    async def ready(self) -> None:
        """Return once READY=1 came."""
        await self._ready.wait()

    def close(self) -> None:
        """Stop listening and leave no file behind."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        if self._folder:
            with contextlib.suppress(OSError):
                os.unlink(self.address)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _receive(self) -> None:
        with contextlib.suppress(BlockingIOError):
            said = parse_notification(self._socket.recv(LONGEST_MESSAGE_BYTES))
            if status := said.get("STATUS"):
                self._on_status(status)
            if said.get("WATCHDOG") == "1":
                self.on_alive()
            if said.get("READY") == "1":
                self._ready.set()
