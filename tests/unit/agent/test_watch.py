"""What is watched while a call goes on, on a virtual clock."""

import asyncio

from tests.support.virtual_clock import run_virtual

from insta_voice.agent.watch import Patience, heartbeat, silence, time_limit
from insta_voice.errors import AccountDisabledError, DBDriverError


def test_the_heartbeat_goes_on_through_an_outage_and_ends_with_the_call() -> None:
    async def scene() -> tuple[float, int]:
        answers: list[bool | Exception] = [True, DBDriverError(), DBDriverError(), True, False]
        asked = 0

        async def touch() -> bool:
            nonlocal asked
            answer = answers[asked]
            asked += 1
            if isinstance(answer, Exception):
                raise answer
            return answer

        closed = asyncio.Event()
        await heartbeat(touch, closed.set)
        assert closed.is_set()
        return asyncio.get_running_loop().time(), asked

    ended_at, asked = run_virtual(scene())
    assert (ended_at - 1000.0, asked) == (8.0, 5)


def test_a_hanging_database_does_not_stop_the_heart() -> None:
    async def scene() -> int:
        asked = 0

        async def touch() -> bool:
            nonlocal asked
            asked += 1
            if asked == 1:
                await asyncio.sleep(60)
            return asked < 3

        await heartbeat(touch, lambda: None)
        return asked

    assert run_virtual(scene()) == 3


def test_a_refusal_that_comes_late_ends_the_call() -> None:
    async def scene() -> float:
        answers: list[Exception] = [DBDriverError(), AccountDisabledError()]

        async def touch() -> bool:
            raise answers.pop(0)

        closed = asyncio.Event()
        async with asyncio.timeout(60):
            await heartbeat(touch, closed.set)
        assert closed.is_set()
        return asyncio.get_running_loop().time() - 1000.0

    assert run_virtual(scene()) == 2.0


def test_one_slow_beat_is_followed_by_the_next_before_the_agent_is_taken_for_dead() -> None:
    async def scene() -> list[float]:
        began: list[float] = []

        async def touch() -> bool:
            began.append(asyncio.get_running_loop().time() - 1000.0)
            await asyncio.sleep({1: 60.0, 2: 0.5}.get(len(began), 0.0))
            return len(began) < 4

        await heartbeat(touch, lambda: None)
        return began

    assert run_virtual(scene()) == [0.0, 2.0, 4.0, 6.0]


def test_a_long_silence_is_asked_into_twice_and_then_given_up() -> None:
    async def scene() -> list[tuple[str, float]]:
        loop = asyncio.get_running_loop()
        began, said = loop.time(), list[tuple[str, float]]()
        await silence(
            Patience(),
            quiet=lambda: True,
            ask=lambda: said.append(("ask", loop.time() - began)),
            give_up=lambda: said.append(("give up", loop.time() - began)),
            clock=loop.time,
        )
        return said

    assert [(what, round(at)) for what, at in run_virtual(scene())] == [("ask", 21), ("ask", 37), ("give up", 53)]


def test_a_word_of_the_caller_starts_the_patience_anew() -> None:
    patience = Patience()
    assert patience.judge(0, quiet=True) is None
    assert patience.judge(20, quiet=True) == "ask"
    patience.caller_spoke()
    assert patience.judge(21, quiet=True) is None
    assert patience.judge(40, quiet=True) is None
    assert patience.judge(41, quiet=True) == "ask"


def test_somebody_speaking_is_no_silence() -> None:
    patience = Patience()
    for second in range(100):
        assert patience.judge(second, quiet=second % 15 != 0) is None


def test_the_longest_call_ends_when_it_is_over_even_for_a_second_agent() -> None:
    async def scene() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await time_limit(-5, lambda: None)
        await time_limit(1800, lambda: None)
        return loop.time() - began

    assert run_virtual(scene()) == 1800
