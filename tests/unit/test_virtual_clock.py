"""The tests' clock jumps over waiting, never over what is on its way."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from tests.support.virtual_clock import run_virtual


def _elapsed(scene: Callable[[], Awaitable[object]]) -> float:
    """How many seconds `scene` took on its own clock."""

    async def timed() -> float:
        started = asyncio.get_running_loop().time()
        await scene()
        return asyncio.get_running_loop().time() - started

    return run_virtual(timed())


def test_an_hour_is_jumped_over() -> None:
    assert _elapsed(lambda: asyncio.sleep(3600)) == 3600


def test_what_was_sent_arrives_before_the_next_timer() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    async def scene() -> None:
        async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            for length in (1, 100, 50_000):
                writer.write(b"x" * length + b"\n")
                assert len(await asyncio.wait_for(reader.readline(), 0.001)) == length + 1
            writer.write_eof()
            assert await asyncio.wait_for(reader.read(), 0.001) == b""
            writer.close()
            await writer.wait_closed()

    assert _elapsed(scene) == 0


def test_jobs_in_an_executor_are_waited_for_with_the_clock_standing_still() -> None:
    async def scene() -> None:
        meeting = threading.Barrier(2)  # neither ends before both have begun
        jobs = (asyncio.to_thread(meeting.wait, 10) for _ in range(2))
        assert sorted(await asyncio.wait_for(asyncio.gather(*jobs), 0.001)) == [0, 1]

    assert _elapsed(scene) == 0


def test_a_name_is_looked_up_with_the_clock_standing_still() -> None:
    async def scene() -> None:
        async with asyncio.timeout(0.001):
            await asyncio.get_running_loop().getaddrinfo("localhost", 80)

    assert _elapsed(scene) == 0


def test_waiting_for_what_never_happens_is_a_defect() -> None:
    with pytest.raises(AssertionError, match="never happen"):
        run_virtual(asyncio.Event().wait())


def test_waiting_for_it_beside_a_timer_without_an_end_is_one_too() -> None:
    async def scene() -> None:
        loop = asyncio.get_running_loop()

        def renew() -> None:
            loop.call_later(1200, renew)

        renew()
        await asyncio.Event().wait()

    with pytest.raises(AssertionError, match="a whole day"):
        run_virtual(scene())
