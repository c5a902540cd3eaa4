"""What `up` says of a disk that fills while nothing ends: an article or a turn that cannot be written told nobody."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from insta_voice.stack.disk_watch import watch_disk


class Over(Exception):
    """The script has ended."""


async def test_a_disk_that_fills_is_said_once_and_so_is_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free_mb = iter([900, 150, 100, 5, 900, 900, 150])
    said: list[str] = []

    def usage(place: Path) -> SimpleNamespace:
        return SimpleNamespace(free=now_mb * 1024**2)

    async def sleep(seconds: float) -> None:
        nonlocal now_mb
        try:
            now_mb = next(free_mb)
        except StopIteration:
            raise Over from None

    now_mb = next(free_mb)
    monkeypatch.setattr(shutil, "disk_usage", usage)
    with pytest.raises(Over):
        await watch_disk(tmp_path, said.append, sleep=sleep)
    assert said == [
        f"The disk of {tmp_path} is full (150 MB free, 200 MB are needed). "
        "Make room, or set INSTA_DATA_DIR to another disk.",
        f"The disk of {tmp_path} has room again.",
        f"The disk of {tmp_path} is full (150 MB free, 200 MB are needed). "
        "Make room, or set INSTA_DATA_DIR to another disk.",
    ]
