"""How a part tells whoever started it that it is ready, and that it still lives: systemd's notify protocol, which
`insta-voice up` speaks too.

Source: sd_notify(3), sd_watchdog_enabled(3). Without NOTIFY_SOCKET in the environment nothing is sent.
"""

import asyncio
import contextlib
import os
import socket
from typing import Final

_SIGNS_PER_DEADLINE: Final = 3  # sd_watchdog_enabled(3) asks for two at least; one may be late


def notify_ready(status: str) -> None:
    """Say that this part serves from now on; `status` is one line for the log, without personal data."""
    _send(f"READY=1\nSTATUS={status}")


async def keep_saying_alive() -> None:
    """Say that this event loop turns, for as long as this is awaited; a loop that hangs says nothing.

    Returns at once when nobody asks for it (WATCHDOG_USEC, in microseconds).
    """
    if (deadline_s := watched_every_s()) is None:
        return
    while True:
        with contextlib.suppress(OSError):  # whoever watched us is gone, or its socket is full
            _send("WATCHDOG=1")
        await asyncio.sleep(deadline_s / _SIGNS_PER_DEADLINE)


def watched_every_s() -> float | None:
    """The longest this process may be silent, in seconds; None when nobody watches, or another process is meant."""
    usec, pid = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID")
    if not usec.isdigit() or int(usec) == 0 or (pid is not None and pid != str(os.getpid())):
        return None
    return int(usec) / 1_000_000


def _send(message: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifier:
        notifier.setblocking(False)  # a supervisor that hangs must not hang us
        notifier.sendto(message.encode(), address)
