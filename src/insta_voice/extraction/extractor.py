"""The way to the process that reads: started when it is needed, ended at the bound, one document at a time."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from insta_voice.errors import ConfigurationError, InvalidInputError
from insta_voice.extraction.bounds import BOUNDS, Bounds, too_slow
from insta_voice.extraction.found import Found
from insta_voice.extraction.kinds import Kind
from insta_voice.extraction.wire import MISUNDERSTOOD, READY, Request, understand

_LOG = logging.getLogger(__name__)
# Isolated: the packages that are installed with the product, and nothing from where it was started.
_COMMAND = (sys.executable, "-I", "-m", "insta_voice.extraction")
# Loading the parsers takes less than 2 s; this is a machine that is busy with calls, or has just begun to run.
_START_SECONDS = 60.0


class Extractor:
    """Reads documents in another process, which gets no settings: its environment is empty."""

    def __init__(
        self, bounds: Bounds = BOUNDS, command: Sequence[str] = _COMMAND, *, start_seconds: float = _START_SECONDS
    ) -> None:
        self._bounds = bounds
        self._command = command
        self._start_seconds = start_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def extract(self, data: bytes, kind: Kind) -> list[Found]:
        """What is in `data`. InvalidInputError when it cannot be read within the bounds, ConfigurationError when
        nothing can."""
        async with self._turn:
            try:
                process = await self._running()
                async with asyncio.timeout(self._bounds.seconds):
                    payload = await self._ask(process, data, kind)
                return understand(payload)
            except InvalidInputError as error:
                if error.detail:
                    _LOG.info("a document is not read as %s: %s", kind, error.detail)  # the report says it to people
                raise
            except TimeoutError:
                await self.aclose()
                raise InvalidInputError(too_slow(self._bounds.seconds)) from None
            except (ConnectionError, asyncio.IncompleteReadError, *MISUNDERSTOOD) as error:
                await self.aclose()
                reason = f"It cannot be read as {kind}: save it anew with the program that made it."
                raise InvalidInputError(reason, detail="the process that reads has ended") from error
            except asyncio.CancelledError:
                await self.aclose()
                raise

    async def aclose(self) -> None:
        """End the process with its children; the next document starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError, PermissionError):  # the latter is macOS's, for a group of zombies
            os.killpg(process.pid, signal.SIGKILL)
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env={},
                cwd="/",
                start_new_session=True,  # a group of its own, to be ended as one
            )
            if not await self._is_ready(self._process):
                await self.aclose()
                raise ConfigurationError("The process that reads documents does not start. Run set-up again.")
        return self._process

    async def _is_ready(self, process: asyncio.subprocess.Process) -> bool:
        assert process.stdout is not None
        try:
            async with asyncio.timeout(self._start_seconds):
                return await process.stdout.readline() == READY
        except TimeoutError:
            return False

    async def _ask(self, process: asyncio.subprocess.Process, data: bytes, kind: Kind) -> bytes:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(Request(kind, self._bounds, len(data)).to_line())
        process.stdin.write(data)
        await process.stdin.drain()
        return await process.stdout.readexactly(int(await process.stdout.readline()))
