"""How a part tells whoever started it that it is ready: systemd's notify protocol, which `insta-voice up` speaks too.

Source: sd_notify(3). Without NOTIFY_SOCKET in the environment nothing is sent.
"""

import os
import socket


def notify_ready(status: str) -> None:
    """Say that this part serves from now on; `status` is one line for the log, without personal data."""
    _send(f"READY=1\nSTATUS={status}")


def notify_status(status: str) -> None:
    """Say what this part is doing, for the log."""
    _send(f"STATUS={status}")


def _send(message: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifier:
        notifier.sendto(message.encode(), address)
