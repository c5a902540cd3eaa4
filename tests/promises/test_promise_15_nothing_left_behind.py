"""Promise 15: calls in a row leave no task, thread, file, child process or memory behind. Here 20; nightly 200."""

import os
import time
from dataclasses import dataclass

import pytest
from tests.support.calls import CallCenter, Part
from tests.support.poll import eventually_async
from tests.support.processes import alive

CALLS = int(os.environ.get("PROMISE_15_CALLS", "20"))
WARM_UP = 3  # pools and caches are filled by the first calls
# asyncio's own pool starts its threads one by one, when they happen to be needed: (cores + 4) at most.
POOL_THREADS = (os.cpu_count() or 1) + 4
GROWTH_MB = 12  # of the worker itself, over all calls: a tenth of a per-call megabyte is noise, a leak is not


@dataclass(frozen=True)
class Held:
    """What the worker process holds."""

    threads: int
    files: int
    children: int
    memory_mb: float


def _held(worker: Part) -> Held:
    process = worker.process
    with process.oneshot():
        return Held(
            process.num_threads(),
            process.num_fds(),
            len(process.children(recursive=True)),
            process.memory_full_info().uss / 1e6,
        )


@pytest.mark.timeout(600)
async def test_calls_in_a_row_leave_nothing_behind(call_center: CallCenter) -> None:
    async def one_call() -> None:
        async with call_center.call() as call:
            await call.caller.ear.first_sound(time.monotonic(), 30)
            holders = call_center.worker.holders_of_calls()
        await call.closed()

        async def gone() -> bool:
            return not alive(holders)

        await eventually_async(gone, within_s=15, what="the job process of an ended call gone")

    async def settled() -> Held:
        """One idle process waits again."""

        async def idle() -> bool:
            return len(call_center.worker.process.children(recursive=True)) == before_children

        await eventually_async(idle, within_s=40, what="the pool of processes full again")
        return _held(call_center.worker)

    before_children = len(call_center.worker.process.children(recursive=True))
    for _ in range(WARM_UP):
        await one_call()
    before = await settled()
    for _ in range(CALLS):
        await one_call()
    after = await settled()
    assert after.threads <= before.threads + POOL_THREADS
    assert after.files <= before.files
    assert after.children == before.children
    assert after.memory_mb - before.memory_mb < GROWTH_MB
