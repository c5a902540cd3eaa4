"""One process at a time runs the embedded parts of a data directory."""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from insta_voice.errors import ConfigurationError

Purpose = Literal["up", "command"]
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock. `alive` is False while only the guardian of a killed `up` still holds it."""

    pid: int
    purpose: Purpose
    alive: bool


class DataDirLock:
    """`<data dir>/up.lock`, held by flock(2): the kernel lets it go with the last process that has it open."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "up.lock"
        self._fd: int | None = None

    @property
    def fd(self) -> int:
        """The descriptor, for a process that is to hold the lock too."""
        assert self._fd is not None, "the lock is not held"
        return self._fd

    def try_acquire(self, purpose: Purpose) -> Holder | None:
        """Take the lock and return None, or say who holds it."""
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return self.holder()
        os.ftruncate(fd, 0)
        me = psutil.Process()
        os.write(fd, json.dumps({"pid": me.pid, "born": me.create_time(), "purpose": purpose}).encode())
        self._fd = fd
        return None

    def acquire(self, purpose: Purpose, *, wait_s: float) -> None:
        """Take the lock. Waits for a command or for what a killed `up` left; refuses at once when an `up` runs."""
        deadline = time.monotonic() + wait_s
        while holder := self.try_acquire(purpose):
            if holder.purpose == "up" and holder.alive:
                raise ConfigurationError(
                    f"insta-voice is already running on {self._path.parent} (process {holder.pid}). Stop that one, "
                    "or set INSTA_DATA_DIR to another directory to run a second installation."
                )
            if time.monotonic() > deadline:
                raise ConfigurationError(
                    f"{self._path.parent} is still in use by process {holder.pid}. Wait for it to end, or stop it."
                )
            time.sleep(_POLL_S)

    def release(self) -> None:
        """Let it go; a process that inherited it keeps it until it ends."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def holder(self) -> Holder:
        """Who wrote their name last. Only meaningful while someone holds the lock."""
        try:
            written = json.loads(self._path.read_text())
            process = psutil.Process(written["pid"])
            alive = process.create_time() == written["born"] and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            alive = False
        except (OSError, ValueError, KeyError):
            return Holder(0, "command", alive=True)  # taken this instant, the name not yet written
        return Holder(int(written["pid"]), written["purpose"], alive)
