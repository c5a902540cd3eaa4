"""All parts together: started in the order of their needs, as parallel as that allows, stopped in reverse."""

import asyncio
import signal
from collections.abc import Callable, Iterable

from insta_voice.stack.guard import Guardian
from insta_voice.stack.logs import LogStream
from insta_voice.stack.parts import Backoff, Part
from insta_voice.stack.process import SupervisedPart
from insta_voice.stack.spawn import spawn

# Everything has to be gone within 10 s of Ctrl-C; one second is for killing and for the guardian.
STOP_WITHIN_S = 9.0
# Kept for each later wave while an earlier one uses up its time: Postgres' checkpoint takes 0.3 s, on a busy disk 1.
WAVE_RESERVE_S = 1.5


class Supervisor:
    """Starts, watches and stops parts."""

    def __init__(
        self,
        parts: Iterable[Part],
        log: LogStream,
        guardian: Guardian,
        *,
        backoff: Callable[[], Backoff] = Backoff,
        trouble: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`trouble`: a sentence on what ails this machine, asked when a part has ended."""
        self.parts = {
            part.name: SupervisedPart(part, log, guardian, backoff=backoff(), trouble=trouble) for part in parts
        }
        self._log = log
        self._guardian = guardian
        self._tasks: list[asyncio.Task[None]] = []
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        """Start everything; returns at once."""
        for name, supervised in self.parts.items():
            task = asyncio.create_task(self._start_when_needed(supervised), name=f"part {name}")
            task.add_done_callback(self._note_failure)
            self._tasks.append(task)

    async def ready(self, *names: str) -> None:
        """Return once these parts (all, without names) are ready. Raises what made a part impossible to start."""
        wanted = [self.parts[name] for name in names or self.parts if name in self.parts]
        waiting = asyncio.create_task(_all_ready(wanted), name="wait for parts")
        await asyncio.wait((waiting, self._failed), return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            self._failed.result()

    def kill(self) -> None:
        """End everything this instant, without asking."""
        for supervised in self.parts.values():
            supervised.kill()

    async def failed(self) -> None:
        """Never returns; raises what made a part impossible to start."""
        await asyncio.shield(self._failed)

    async def stop(self, within_s: float = STOP_WITHIN_S) -> None:
        """Stop everything, those that need others first; nothing is left after `within_s`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        waves = stop_waves({name: supervised.part.needs for name, supervised in self.parts.items()})
        for remaining, wave in zip(range(len(waves) - 1, -1, -1), waves, strict=True):
            within = max(deadline - WAVE_RESERVE_S * remaining - loop.time(), 0.0)
            await asyncio.gather(*(self._stop_part(self.parts[name], within) for name in wave))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self._failed.done():
            self._failed.cancel()

    async def run_to_end(self, name: str, command: list[str], env: dict[str, str]) -> int:
        """Run a program once, its lines in the log; gives its exit code."""
        spawned = await spawn(command, env)
        process = spawned.process
        self._guardian.add(process.pid, signal.SIGTERM)
        try:
            await self._log.relay(name, spawned.output)
            return await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            spawned.transport.close()
            self._guardian.remove(process.pid)

    async def _start_when_needed(self, supervised: SupervisedPart) -> None:
        for name in (*supervised.part.needs, *supervised.part.starts_after):
            if name in self.parts:  # what is not ours runs elsewhere already
                await self.parts[name].ready.wait()
        await supervised.run()

    async def _stop_part(self, supervised: SupervisedPart, within_s: float) -> None:
        if supervised.begun:
            await supervised.stop(within_s)
        else:
            supervised.signal_stop()  # still waits for what it needs; its task is cancelled at the end

    def _note_failure(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) and not self._failed.done():
            self._failed.set_exception(error)


async def _all_ready(parts: Iterable[SupervisedPart]) -> None:
    for supervised in parts:
        await supervised.ready.wait()


def stop_waves(needs: dict[str, tuple[str, ...]]) -> list[list[str]]:
    """Names in the order they may be stopped: a wave holds what nobody still running needs."""
    left = dict(needs)
    waves: list[list[str]] = []
    while left:
        needed = {name for wants in left.values() for name in wants}
        wave = [name for name in left if name not in needed]
        if not wave:
            raise ValueError(f"parts need each other in a circle: {', '.join(left)}")
        waves.append(wave)
        for name in wave:
            del left[name]
    return waves
