"""A directory of this installation that nobody else writes to."""

import os
import stat
import tempfile
from pathlib import Path


def own_directory(data_dir: Path, name: str) -> Path:
    """Beside the other data; where every process may write, when that is missing or read-only."""
    if os.access(data_dir, os.W_OK):
        return data_dir / name
    return Path(tempfile.gettempdir()) / f"insta-voice-{name}-{os.getuid()}"


def is_ours(directory: Path) -> bool:
    """What is believed of it is nobody else's to write: not in a directory that another user made ready for us."""
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
