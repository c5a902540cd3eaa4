"""Looks at the disk while everything runs: what cannot be written is an error in one place and silence in another."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from insta_voice.stack.machine import disk_sentence

LOOK_EVERY_S: Final = 10.0  # a look costs microseconds; 200 MB last longer than that


async def watch_disk(
    data_dir: Path, say: Callable[[str], None], *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Say once that the disk of `data_dir` is full, and once that it has room again, until cancelled."""
    full = False
    while True:
        sentence = disk_sentence(data_dir)
        if sentence and not full:
            say(sentence)
        elif full and not sentence:
            say(f"The disk of {data_dir} has room again.")
        full = bool(sentence)
        await sleep(LOOK_EVERY_S)
