"""`insta-voice up` for as long as a command needs it: the one that runs, else one started and stopped again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings
from insta_voice.stack.embedded import WAIT_FOR_UP_S
from insta_voice.stack.installation import own_command
from insta_voice.stack.lock import DataDirLock
from insta_voice.stack.up import open_data_dir
from insta_voice.stack.up_file import read_up_file

_POLL_S = 0.2
# What `up` promises, and a moment.
_STOP_WITHIN_S = 12.0


@asynccontextmanager
async def running_up(settings: Settings, say: Callable[[str], None]) -> AsyncIterator[None]:
    """`up.json` is there for as long as the block lasts; `say` is told when it has to be started first."""
    data_dir = open_data_dir(settings)
    if _is_started(data_dir):
        await _ready(data_dir, lambda: not _is_started(data_dir), "look at its log")
        yield
        return
    log = data_dir / "up.log"
    say(f"Nothing runs in {data_dir} yet: starting it, with its log in {log} …")
    with log.open("wb") as output:
        up = await asyncio.create_subprocess_exec(*own_command("up"), stdout=output, stderr=output)
    try:
        await _ready(data_dir, lambda: up.returncode is not None, f"look at {log}")
        yield
    finally:
        if up.returncode is None:
            up.terminate()
        await asyncio.wait_for(up.wait(), _STOP_WITHIN_S)


def _is_started(data_dir: Path) -> bool:
    lock = DataDirLock(data_dir)
    holder = lock.try_acquire("command")
    if holder is None:
        lock.release()
    return holder is not None and holder.purpose == "up" and holder.alive


async def _ready(data_dir: Path, ended: Callable[[], bool], advice: str) -> None:
    async with asyncio.timeout(WAIT_FOR_UP_S):
        while read_up_file(data_dir) is None:
            if ended():
                raise ConfigurationError(f"What should run in {data_dir} ended while it started: {advice}.")
            await asyncio.sleep(_POLL_S)
