"""One supervised program: started, watched, started again when it ends, stopped with its whole process group."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable

from insta_voice.errors import ConfigurationError, InstaVoiceError
from insta_voice.stack.guard import Guardian
from insta_voice.stack.liveness import LOOK_EVERY_S, Liveness
from insta_voice.stack.logs import LogStream
from insta_voice.stack.notify import NotifySocket
from insta_voice.stack.parts import Backoff, Part
from insta_voice.stack.spawn import spawn

# A part that has never been ready and failed this often will not come: a missing file or a wrong setting.
HOPELESS_AFTER = 4
_LAST_WORDS_S = 1.0
# Who does not serve yet has nothing to end well, and may not listen to signals while it loads.
NOT_READY_STOP_WITHIN_S = 2.0
_ASK_EVERY_S = 2.0  # a question a part answers in a millisecond or two


class SupervisedPart:
    """Runs one part until told to stop. `ready` is set while it serves."""

    def __init__(
        self,
        part: Part,
        log: LogStream,
        guardian: Guardian,
        *,
        backoff: Backoff | None = None,
        trouble: Callable[[], str | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.part = part
        self.ready = asyncio.Event()
        self.stopped = asyncio.Event()
        self.begun = False
        self.pid: int | None = None
        self._log = log
        self._guardian = guardian
        self._backoff = backoff or Backoff()
        self._trouble = trouble
        self._clock = clock
        self._sleep = sleep
        self._stopping = asyncio.Event()
        self._was_ready = False

    async def run(self) -> None:
        """Start, watch and start again. Raises ConfigurationError for a part that will not come at all."""
        failures = 0
        self.begun = True
        try:
            while not self._stopping.is_set():
                started = self._clock()
                reason = await self._run_once()
                self.ready.clear()
                if self._stopping.is_set():
                    return
                failures += 1
                if not self._was_ready and failures >= HOPELESS_AFTER:
                    raise ConfigurationError(
                        f"{self.part.name} could not be started: it {reason}. Its last lines are above."
                    )
                delay_s = self._backoff.delay_after(self._clock() - started)
                self._say(f"{self.part.name} {reason}; starting it again in {delay_s:g} s.")
                if sentence := self._trouble():
                    self._say(sentence)
                await self._unless_stopping(self._sleep(delay_s))
        finally:
            self.stopped.set()

    def signal_stop(self) -> None:
        """Ask it to end, and do not start it again."""
        self._stopping.set()
        self._send(self.part.stop_signal)

    def kill(self) -> None:
        """End it and its children this instant."""
        self._stopping.set()
        self._send(signal.SIGKILL)

    async def stop(self, within_s: float) -> None:
        """End it: the part's signal, again where it wants that, and SIGKILL to its group after `within_s`."""
        if not self.ready.is_set():
            within_s = min(within_s, NOT_READY_STOP_WITHIN_S)
        deadline = self._clock() + within_s
        self.signal_stop()
        again_s = self.part.stop_again_after_s
        if again_s is not None and not await self._ended_within(min(again_s, within_s)):
            self._send(self.part.stop_signal)
        if not await self._ended_within(deadline - self._clock()):
            self._say(f"{self.part.name} did not end in time and was killed.")
            self._send(signal.SIGKILL)
            await self.stopped.wait()

    async def _run_once(self) -> str:
        """One life of the program; gives the reason of its end as a clause."""
        try:
            if self.part.prepare:
                await asyncio.to_thread(self.part.prepare)
            command = self.part.command()
        except (InstaVoiceError, OSError) as error:
            return f"could not be prepared ({error})"
        if self._stopping.is_set():
            return "was stopped"
        notify = NotifySocket(lambda status: self._log.say(self.part.name, status))
        try:
            spawned = await spawn(command, {**self.part.env, **self._to_notify(notify)})
        except OSError as error:
            notify.close()
            return f"could not be started ({error.strerror}: {command[0]})"
        process = spawned.process
        self.pid = process.pid
        self._guardian.add(process.pid, self.part.stop_signal)
        relay = asyncio.create_task(
            self._log.relay(self.part.name, spawned.output, leave_out=self._said_because_told),
            name=f"log {self.part.name}",
        )
        watch = asyncio.create_task(self._become_ready(notify), name=f"ready {self.part.name}")
        try:
            if self._stopping.is_set():
                self._send(self.part.stop_signal)
            code = await process.wait()
        finally:
            watch.cancel()
            late = await _result_of(watch)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # children that outlived it
            self._guardian.remove(process.pid)
            self.pid = None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(relay, _LAST_WORDS_S)
            spawned.transport.close()
            notify.close()
        return late or _describe(code)

    async def _become_ready(self, notify: NotifySocket) -> str | None:
        """Set `ready`; a part that is not ready in time is killed, and the reason returned."""
        began = self._clock()
        try:
            async with asyncio.timeout(self.part.ready_within_s):
                if self.part.notifies:
                    await notify.ready()
                await self.part.answers()
                if self.part.after_ready:
                    await self.part.after_ready()
        except TimeoutError:
            self._send(signal.SIGKILL)
            return f"was not ready within {self.part.ready_within_s:g} s"
        except Exception as error:  # whatever its own check raises, a part that is not ready must not linger
            self._send(signal.SIGKILL)
            detail = error.detail if isinstance(error, InstaVoiceError) else ""
            return f"could not be made ready ({detail or error})"
        again = " again" if self._was_ready else ""
        self._was_ready = True
        self.ready.set()
        self._say(f"{self.part.name} is ready{again} ({self._clock() - began:.1f} s).")
        return await self._watch_life(notify)

    def _said_because_told(self, line: str) -> bool:
        return self._stopping.is_set() and self.part.last_words is not None and self.part.last_words in line

    def _to_notify(self, notify: NotifySocket) -> dict[str, str]:
        """What is added to the environment: where to speak, and how often at least."""
        added = {"NOTIFY_SOCKET": notify.address}
        if self.part.silent_at_most_s and not self.part.still_answers:
            added["WATCHDOG_USEC"] = str(round(self.part.silent_at_most_s * 1_000_000))
        return added

    async def _watch_life(self, notify: NotifySocket) -> str | None:
        """A part that serves and gives no sign of life any more is killed, and the reason returned."""
        at_most_s = self.part.silent_at_most_s
        if at_most_s is None:
            return None
        liveness = Liveness(at_most_s, clock=self._clock)
        notify.on_alive = liveness.heard
        asking = asyncio.create_task(self._keep_asking(liveness), name=f"ask {self.part.name}")
        try:
            while self._stopping.is_set() or not liveness.silent_too_long():
                await self._sleep(LOOK_EVERY_S)
        finally:
            asking.cancel()
        self.ready.clear()
        self._send(signal.SIGKILL)
        return f"gave no sign of life for {at_most_s:g} s and was killed"

    async def _keep_asking(self, liveness: Liveness) -> None:
        while self.part.still_answers is not None:
            with contextlib.suppress(Exception):  # whatever it raises, it is no sign of life
                await self.part.still_answers()
                liveness.heard()
            await asyncio.sleep(_ASK_EVERY_S)

    async def _ended_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopped.wait(), max(seconds, 0.0))
        return self.stopped.is_set()

    async def _unless_stopping(self, wait: Awaitable[None]) -> None:
        waiting = asyncio.ensure_future(wait)
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((waiting, stopping), return_when=asyncio.FIRST_COMPLETED)
        for task in (waiting, stopping):
            task.cancel()

    def _send(self, number: signal.Signals) -> None:
        if self.pid is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if number is signal.SIGKILL:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)  # the part tells its own children, in its own order

    def _say(self, line: str) -> None:
        self._log.say("up", line)


async def _result_of(task: asyncio.Task[str | None]) -> str | None:
    with contextlib.suppress(asyncio.CancelledError):
        return await task
    return None


def _describe(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
