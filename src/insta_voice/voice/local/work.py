"""Who gets a core next: the speech server's threads take the most urgent work first, of all calls together.

What a caller is waiting for comes before what only may be needed. A running piece of work is never stopped,
so the less urgent kinds may not hold every thread: one stays free for the next caller who stops speaking.
"""

import asyncio
import heapq
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, ParamSpec, TypeVar

from insta_voice.errors import AtCapacityError

P = ParamSpec("P")
T = TypeVar("T")


class Priority(IntEnum):
    """Smaller goes first."""

    FINAL = 0  # the turn has ended: nothing happens before its words are known
    FIRST_CLAUSE = 1  # the answer is there: nothing is heard before this
    QUESTION = 2  # the vector of a live question
    AHEAD = 3  # the first clause of an answer that a caller who still speaks is likely to get
    PARTIAL = 4  # words so far, to search ahead
    REST = 5  # the later pieces of speech: the earlier ones are still being heard
    BULK = 6  # ingestion


_MAY_WAIT = Priority.AHEAD


class Workers:
    """A few threads and one queue.

    `run` is for the event loop; `close` lets running work end and drops the rest.
    """

    def __init__(self, threads: int, *, max_waiting: int = 512) -> None:
        """More than `max_waiting` pieces of work in the queue are refused.

        They would be answered too late.
        """
        self._max_waiting = max_waiting
        self._may_wait_at_once = max(1, threads - 1)
        self._may_wait_running = 0
        self._queue: list[tuple[int, int, Future[Any], Callable[[], Any]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"speech-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, priority: Priority, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `function` returns or raises.

        Cancelled while it waits, it never runs. AtCapacityError when full.
        """
        future: Future[T] = Future()
        with self._changed:
            if self._closed or len(self._queue) >= self._max_waiting:
                raise AtCapacityError("The speech server has too much to do. Try again in a moment.")
            job = (int(priority), next(self._order), future, lambda: function(*args, **kwargs))
            heapq.heappush(self._queue, job)
            self._changed.notify()
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Drop what waits; what runs ends by itself (a second at most) on a daemon thread."""
        with self._changed:
            self._closed = True
            for _, _, future, _ in self._queue:
                future.cancel()
            self._queue.clear()
            self._changed.notify_all()

    def _next_is_allowed(self) -> bool:
        if self._closed:
            return True
        if not self._queue:
            return False
        return self._queue[0][0] < _MAY_WAIT or self._may_wait_running < self._may_wait_at_once

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._next_is_allowed)
                if self._closed:
                    return
                priority, _, future, function = heapq.heappop(self._queue)
                may_wait = priority >= _MAY_WAIT
                self._may_wait_running += may_wait
            try:
                if future.set_running_or_notify_cancel():
                    _fulfil(future, function)
            finally:
                with self._changed:
                    self._may_wait_running -= may_wait
                    self._changed.notify_all()


def _fulfil(future: Future[Any], function: Callable[[], Any]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:
        future.set_exception(error)
