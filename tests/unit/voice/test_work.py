"""Who waits for nothing else goes first, and what may wait never holds every thread."""

import asyncio
import threading

import pytest

from insta_voice.errors import AtCapacityError
from insta_voice.voice.local.work import Priority, Workers


class Gate:
    """Work that has started and goes on until the gate is opened."""

    def __init__(self) -> None:
        self._entered, self._opened = threading.Semaphore(0), threading.Event()

    def hold(self) -> str:
        self._entered.release()
        assert self._opened.wait(10)
        return "held"

    async def entered(self) -> None:
        assert await asyncio.to_thread(self._entered.acquire, timeout=10)

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.open()  # never leave a thread behind, whatever the test did


def begin(*work) -> asyncio.Task:
    return asyncio.create_task(work[0].run(*work[1:]))


async def test_the_most_urgent_work_is_done_first_and_equals_in_order(gate):
    workers, order = Workers(1), []
    tasks = [begin(workers, Priority.FINAL, gate.hold)]
    await gate.entered()
    for priority, name in [
        (Priority.BULK, "bulk"),
        (Priority.REST, "rest 1"),
        (Priority.REST, "rest 2"),
        (Priority.PARTIAL, "partial"),
        (Priority.QUESTION, "question"),
        (Priority.FIRST_CLAUSE, "first clause"),
        (Priority.FINAL, "final"),
    ]:
        tasks.append(begin(workers, priority, order.append, name))
        await asyncio.sleep(0)  # let it queue, so that they come in this order
    gate.open()
    await asyncio.gather(*tasks)
    assert order == ["final", "first clause", "question", "partial", "rest 1", "rest 2", "bulk"]
    workers.close()


async def test_one_thread_stays_free_of_what_may_wait(gate):
    workers, ran = Workers(2), []
    tasks = [begin(workers, Priority.REST, gate.hold)]
    await gate.entered()
    tasks += [begin(workers, Priority.BULK, ran.append, "bulk")]
    assert await asyncio.wait_for(workers.run(Priority.FINAL, lambda: "heard"), 5) == "heard"
    assert await asyncio.wait_for(workers.run(Priority.QUESTION, lambda: "vector"), 5) == "vector"
    assert ran == []
    gate.open()
    await asyncio.gather(*tasks)
    assert ran == ["bulk"]
    workers.close()


async def test_work_that_was_taken_back_never_runs(gate):
    workers, ran = Workers(1), []
    holding = begin(workers, Priority.FINAL, gate.hold)
    await gate.entered()
    partial = begin(workers, Priority.PARTIAL, ran.append, "partial")
    await asyncio.sleep(0)
    partial.cancel()
    await asyncio.gather(partial, return_exceptions=True)
    gate.open()
    await holding
    await workers.run(Priority.BULK, ran.append, "after")
    assert ran == ["after"]
    workers.close()


async def test_a_full_queue_refuses_instead_of_growing(gate):
    workers = Workers(1, max_waiting=1)
    tasks = [begin(workers, Priority.FINAL, gate.hold)]
    await gate.entered()
    tasks.append(begin(workers, Priority.FINAL, str))
    await asyncio.sleep(0)
    with pytest.raises(AtCapacityError):
        await workers.run(Priority.FINAL, str)
    gate.open()
    await asyncio.gather(*tasks)
    workers.close()


async def test_an_error_reaches_whoever_asked_and_the_thread_lives_on():
    workers = Workers(1)
    with pytest.raises(ZeroDivisionError):
        await workers.run(Priority.FINAL, lambda: 1 // 0)
    assert await workers.run(Priority.FINAL, lambda: "next") == "next"
    workers.close()


async def test_closing_ends_the_threads_and_what_waits(gate):
    workers = Workers(1)
    holding = begin(workers, Priority.FINAL, gate.hold)
    await gate.entered()
    waiting = begin(workers, Priority.REST, str)
    await asyncio.sleep(0)
    workers.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.open()
    assert await holding == "held"
    with pytest.raises(AtCapacityError):
        await workers.run(Priority.FINAL, str)
    for thread in workers._threads:
        thread.join(5)
        assert not thread.is_alive()
