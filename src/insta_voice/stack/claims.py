"""Which of our own installations is about to use a port: two `up` that start together must not choose the same.

A port that nobody listens on yet looks free to both. The claim is a lock on a file named after the port, in a
directory of this user; it ends with the process, however that ends.
"""

import fcntl
import os
import tempfile
from pathlib import Path

_held: dict[int, int] = {}


def claim(port: int) -> bool:
    """Whether the port is this process's to choose, from now until it ends."""
    if port in _held:
        return True
    file = os.open(_directory() / str(port), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return False
    _held[port] = file
    return True


def _directory() -> Path:
    directory = Path(tempfile.gettempdir()) / f"insta-voice-ports-{os.getuid()}"
    directory.mkdir(mode=0o700, exist_ok=True)
    return directory
