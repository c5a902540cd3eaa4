"""Promise 15: calls in a row leave no task, thread, file, child process, connection or memory behind, in the worker and
in the speech server. Here 20; nightly 200.
"""

import os
import time
from dataclasses import dataclass

import psutil
import pytest
from tests.support.calls import CallCenter
from tests.support.poll import eventually_async
from tests.support.processes import alive
from tests.support.speech import SpeechServer

from insta_voice.agent.typed import TYPED_TOPIC
from insta_voice.db import Database

CALLS = int(os.environ.get("PROMISE_15_CALLS", "20"))
WARM_UP = 3  # pools and caches are filled by the first calls
# asyncio's own pool starts its threads one by one, when they happen to be needed: (cores + 4) at most.
POOL_THREADS = (os.cpu_count() or 1) + 4
# Over all calls. Of the worker: a tenth of a per-call megabyte is noise, a leak is not. Of the speech server: it grows
# in steps with the longest sentence so far and with two at once (55 MB in eight calls were seen); 200 show a leak.
GROWTH_MB, SPEECH_GROWTH_MB = 12, 150
POOLED = 3  # connections: a pool opens one more when two questions meet


@dataclass(frozen=True)
class Held:
    """What a process holds."""

    threads: int
    files: int
    children: int
    memory_mb: float


def _held(process: psutil.Process) -> Held:
    with process.oneshot():
        return Held(
            process.num_threads(),
            process.num_fds(),
            len(process.children(recursive=True)),
            process.memory_full_info().uss / 1e6,
        )


async def _connections(db: Database) -> int:
    """How many the database has, ours among them."""
    async with db.as_service() as connection:
        row = await (
            await connection.execute("select count(*) as n from pg_stat_activity where datname = current_database()")
        ).fetchone()
    assert row is not None
    return int(row["n"])


@pytest.mark.timeout(600)
async def test_calls_in_a_row_leave_nothing_behind(call_center: CallCenter, speech_server: SpeechServer) -> None:
    assert speech_server.process is not None
    speech = psutil.Process(speech_server.process.pid)

    async def one_call() -> None:
        async with call_center.call() as call:
            await call.caller.ear.first_sound(time.monotonic(), 30)
            await call.caller.room.local_participant.send_text("How do I reset my password?", topic=TYPED_TOPIC)

            async def answered() -> bool:
                return bool(call.caller.sources)

            await eventually_async(answered, within_s=10, what="the answer's sources")
            holders = call_center.worker.holders_of_calls()
        await call.closed()

        async def gone() -> bool:
            return not alive(holders)

        await eventually_async(gone, within_s=15, what="the job process of an ended call gone")

    async def settled() -> tuple[Held, Held, int]:
        """Worker, speech server and the database's connections. One idle process waits again."""

        async def idle() -> bool:
            return len(call_center.worker.process.children(recursive=True)) == before_children

        await eventually_async(idle, within_s=40, what="the pool of processes full again")
        return _held(call_center.worker.process), _held(speech), await _connections(call_center.db)

    before_children = len(call_center.worker.process.children(recursive=True))
    for _ in range(WARM_UP):
        await one_call()
    *before, connected_before = await settled()
    for _ in range(CALLS):
        await one_call()
    *after, connected_after = await settled()
    for had, has, growth_mb in zip(before, after, (GROWTH_MB, SPEECH_GROWTH_MB), strict=True):
        assert has.threads <= had.threads + POOL_THREADS
        assert has.files <= had.files
        assert has.children == had.children
        assert has.memory_mb - had.memory_mb < growth_mb
    assert connected_after <= connected_before + POOLED
