"""What this machine has to give before parts are started: a directory to write in, room on its disk, a way to call.

Each reason is a sentence with its mend. Nothing is changed: a file that is written to try is removed again.
"""

import errno
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil

from insta_voice.errors import ConfigurationError

# A cluster is 60 MB when new, and Postgres writes up to 80 MB of log before its first checkpoint: less would stop it
# in the middle of a call.
LEAST_FREE_BYTES: Final = 200 * 1024**2
LOW_FREE_BYTES: Final = 1024**3  # a week of calls in mode local, and time to notice
NO_INTERFACE: Final = (
    "This machine has no network interface but loopback: LiveKit's client finds no way to the call server, so no call "
    "could be answered. Connect it to a network, or give it an interface of its own (type bridge where there is no "
    "dummy): ip link add insta0 type dummy && ip addr add 10.20.30.1/32 dev insta0 && ip link set insta0 up"
)


def refuse_unfit_machine(data_dir: Path) -> None:
    """Raise ConfigurationError with the first reason not to start in `data_dir`; return when there is none."""
    for reason in machine_reasons(data_dir):
        raise ConfigurationError(reason)


def machine_reasons(data_dir: Path) -> Iterator[str]:
    """Every reason not to start everything on this machine."""
    if sentence := directory_sentence(data_dir) or disk_sentence(data_dir):
        yield sentence
    if only_loopback():
        yield NO_INTERFACE


def directory_sentence(data_dir: Path) -> str | None:
    """Why nothing can be kept in `data_dir`, or None. A missing one is judged by the parent it would be made in."""
    place = _existing(data_dir)
    if not place.is_dir():
        return f"INSTA_DATA_DIR is {data_dir}, and {place} is a file. Name a directory."
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        if error.errno == errno.EROFS:
            return f"{place} is on a read-only disk. Set INSTA_DATA_DIR to a directory that can be written."
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _full(place)
        return (
            f"{place} cannot be written by this user ({error.strerror}). Give it to the user who runs insta-voice "
            f"(chown), or set INSTA_DATA_DIR to another directory."
        )
    return None


def disk_sentence(data_dir: Path) -> str | None:
    """Why the disk of `data_dir` is too full to go on, or None."""
    place = _existing(data_dir)
    return _full(place) if free_bytes(place) < LEAST_FREE_BYTES else None


def free_bytes(data_dir: Path) -> int:
    """What an ordinary user may still write beside `data_dir`."""
    return shutil.disk_usage(_existing(data_dir)).free


def only_loopback() -> bool:
    """Whether no interface with an address is up, but loopback."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return not any(
        name in up and any(_is_elsewhere(address) for address in addresses)
        for name, addresses in psutil.net_if_addrs().items()
    )


def _is_elsewhere(address: object) -> bool:
    family, text = getattr(address, "family", None), str(getattr(address, "address", ""))
    if family == socket.AF_INET:
        return not text.startswith("127.")
    return family == socket.AF_INET6 and text != "::1"


def _full(place: Path) -> str:
    free = free_bytes(place) // 1024**2
    return (
        f"The disk of {place} is full ({free} MB free, {LEAST_FREE_BYTES // 1024**2} MB are needed). "
        "Make room, or set INSTA_DATA_DIR to another disk."
    )


def _existing(path: Path) -> Path:
    path = path.expanduser().absolute()
    while not _is_there(path) and path != path.parent:
        path = path.parent
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # behind a directory that is closed to us
        return False


def write_error_sentence(error: OSError) -> str | None:
    """The sentence for an error of writing anywhere: a full, read-only or foreign place; None for any other."""
    place = f" ({os.fsdecode(error.filename)})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{place}. Make room, then try again."
    if error.errno == errno.EROFS:
        return f"The disk is read-only{place}. Set INSTA_DATA_DIR to a directory that can be written."
    if error.errno in (errno.EACCES, errno.EPERM) and place:
        return f"This user may not use a file{place}. Give it to the user who runs insta-voice (chown)."
    return None
