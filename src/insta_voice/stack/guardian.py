"""Ends what a killed supervisor leaves: a process of its own that waits for the supervisor's end of a pipe to close.

Run as a file with nothing but the standard library, so that it starts in a moment and stays small. It holds the lock
on the data directory too (an inherited descriptor), so that the next `up` waits until everything is gone.
The parts are named to it as process groups: `+ <group> <signal>` and `- <group>`, a line each.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import BinaryIO

# The supervisor is dead, so nobody waits for a call to end well: time for Postgres to write its checkpoint.
GRACE_S = 3.0
POLL_S = 0.05


def watch(lines: BinaryIO) -> dict[int, int]:
    """The groups (and the signal that ends each) still there when the other end closes; empty after a clean stop."""
    groups: dict[int, int] = {}
    for line in lines:
        match line.split():
            case [b"+", group, number]:
                groups[int(group)] = int(number)
            case [b"-", group]:
                groups.pop(int(group), None)
    return groups


def end(groups: dict[int, int]) -> None:
    """Ask every group to end, the youngest first; kill what is left after the grace."""
    for group, number in reversed(groups.items()):
        _send(group, number)
    deadline = time.monotonic() + GRACE_S
    while any(_send(group, 0) for group in groups) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    for group in groups:
        _send(group, signal.SIGKILL)


def _send(group: int, number: int) -> bool:
    """Whether there was anyone to send it to."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return False
    return True


def main(arguments: list[str]) -> int:
    """`guardian.py <file>…`: the files are removed when something had to be ended."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # it ends with the pipe, after everything else
    groups = watch(sys.stdin.buffer)
    if groups:
        end(groups)
        for path in arguments:
            with contextlib.suppress(OSError):
                Path(path).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
