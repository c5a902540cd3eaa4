"""Promise 15: calls in a row leave no task, thread, file, child process, connection or memory behind, in the worker and
in the speech server. Here 20; nightly 200.
"""

import contextlib
import os
import time
from dataclasses import dataclass

import psutil
import pytest
from psycopg.conninfo import conninfo_to_dict
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
    """What a process holds; `may_grow_mb` is how much memory is no leak yet."""

    threads: int
    files: int  # but for connections to the database, which `_connections` counts for all
    children: int
    memory_mb: float
    may_grow_mb: float

    def more_than(self, before: "Held") -> list[str]:
        """What has been left behind since then."""
        bounds = {
            "threads": before.threads + POOL_THREADS,
            "files": before.files,
            "children": before.children,
            "memory_mb": before.memory_mb + before.may_grow_mb,
        }
        return [
            f"{what}: {getattr(self, what)} > {bound}" for what, bound in bounds.items() if getattr(self, what) > bound
        ]


def _held(process: psutil.Process, may_grow_mb: float, database_port: int) -> Held:
    with process.oneshot():
        connected = [c for c in process.net_connections("tcp") if c.raddr and c.raddr.port == database_port]
        return Held(
            process.num_threads(),
            process.num_fds() - len(connected),
            len(process.children(recursive=True)),
            process.memory_full_info().uss / 1e6,
            may_grow_mb,
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
    database_port = int(conninfo_to_dict(call_center.environment["DATABASE_URL"])["port"] or 0)

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

    worker = call_center.worker.process
    children = len(worker.children(recursive=True))

    async def pool_is_full() -> bool:
        return len(worker.children(recursive=True)) == children

    def now() -> tuple[Held, Held]:
        return _held(worker, GROWTH_MB, database_port), _held(speech, SPEECH_GROWTH_MB, database_port)

    for _ in range(WARM_UP):
        await one_call()
    await eventually_async(pool_is_full, within_s=40, what="one idle process waits again")
    before, connected = now(), await _connections(call_center.db)
    for _ in range(CALLS):
        await one_call()
    left: list[str] = []

    async def nothing_left() -> bool:
        left[:] = [more for had, has in zip(before, now(), strict=True) for more in has.more_than(had)]
        if (still := await _connections(call_center.db)) > connected + POOLED:
            left.append(f"connections: {still} > {connected + POOLED}")
        return not left

    # What is on its way out, and the process that is being started for the next call, are not left behind.
    with contextlib.suppress(AssertionError):
        await eventually_async(nothing_left, within_s=40, what="everything as it was")
    assert left == []
