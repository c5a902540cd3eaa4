"""An event loop whose clock jumps to the next timer: a ten-minute call takes milliseconds, always the same.

Client and server may both live in it, on loopback: it jumps only when no socket is readable, as what was sent there
is readable at once (Linux, 90,000 of 90,000 sends and 3,000 of 3,000 connections and ends on a busy machine). Jobs in
an executor are waited for in real time, with the clock standing still. Other machines, processes and threads are not
waited for.
"""

import asyncio
import contextlib
import functools
import selectors
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Some clients keep a timer for ever, as a Realtime session does to renew itself every 20 minutes: a scene that waits in
# vain beside one must fail too. No scene lasts as long.
LONGEST_S = 86_400.0
_STARTS_S = 1000.0


class _NoWait(selectors.BaseSelector):
    """Waits for other threads' work only: the time it was asked to wait for it gives to the clock instead."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._real = selectors.DefaultSelector()
        self._loop = loop

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        if self._loop.jobs:
            return self._real.select()  # a job that ends writes to the loop's own socket
        if timeout is None:
            raise AssertionError("everything waits for something that will never happen")
        self._loop.advance(timeout)
        return []

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Any:
        return self._real.get_map()


class VirtualLoop(asyncio.SelectorEventLoop):
    """For asyncio code, its sockets on loopback and its executors' jobs."""

    def __init__(self) -> None:
        self._now = _STARTS_S
        self.jobs = 0
        super().__init__(_NoWait(self))

    def time(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += max(0.0, seconds)
        if self._now > _STARTS_S + LONGEST_S:
            raise AssertionError("a whole day went by, and the scene is not over")

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        job = super().run_in_executor(executor, func, *args)
        self.jobs += 1
        job.add_done_callback(self._job_done)
        return job

    async def shutdown_default_executor(self, *args: Any, **options: Any) -> None:
        with self._job():  # its threads are joined in a thread of its own
            await super().shutdown_default_executor(*args, **options)

    def _job_done(self, job: asyncio.Future[Any]) -> None:
        self.jobs -= 1

    @contextlib.contextmanager
    def _job(self) -> Iterator[None]:
        self.jobs += 1
        try:
            yield
        finally:
            self.jobs -= 1


def on_virtual_clock(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Makes a test one that runs there from its beginning to its end."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        run_virtual(test(*args, **kwargs))

    return run


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on a virtual clock."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
