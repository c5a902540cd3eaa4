"""The supervisor's side of the guardian: starts it and tells it which process groups are ours."""

import asyncio
import contextlib
import sys
from pathlib import Path

from insta_voice.stack import guardian


class Guardian:
    """Tells the guardian process what to end should this process be killed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, *, lock_fd: int, forget: Path) -> "Guardian":
        """Start it, holding `lock_fd`; `forget` is a file it removes after it had to act."""
        process = await asyncio.create_subprocess_exec(
            # -I -S: no environment, no site packages: 10 MB and 20 ms.
            sys.executable,
            "-I",
            "-S",
            guardian.__file__,
            str(forget),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(lock_fd,),
            start_new_session=True,
            cwd="/",
        )
        return cls(process)

    def add(self, group: int, stop_signal: int) -> None:
        """A process group was started."""
        self._tell(f"+ {group} {int(stop_signal)}\n")

    def remove(self, group: int) -> None:
        """A process group has ended."""
        self._tell(f"- {group}\n")

    async def stop(self) -> None:
        """Everything of ours has ended: let it go."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._process.stdin.write(line.encode())
