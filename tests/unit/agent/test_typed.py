"""What is typed is read with bounds: a caller with a program instead of a keyboard costs no memory and few answers."""

import asyncio
from typing import Any

import pytest
from tests.support.text_stream import Stream

from insta_voice.agent.typed import APART_S, LONGEST, WAITING, TypedText


class Taker:
    """Takes messages; `busy` until it is let go."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.pauses: list[float] = []
        self.free = asyncio.Event()
        self.free.set()
        self.now = 100.0

    async def take(self, text: str) -> None:
        await self.free.wait()
        self.taken.append(text)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    async def settled(self) -> None:
        for _ in range(30):
            await asyncio.sleep(0)


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
def typed(taker: Taker) -> TypedText:
    return TypedText("maya", taker.take, clock=lambda: taker.now, pause=taker.pause)


def open_stream(typed: TypedText, stream: Any, identity: str = "maya") -> None:
    typed.opened(stream, identity)


async def test_a_message_is_taken_whole(typed: TypedText, taker: Taker) -> None:
    stream = Stream(["  How do I ", "reset my password?\n"])
    open_stream(typed, stream)
    await taker.settled()
    assert taker.taken == ["How do I reset my password?"]
    assert stream.closed


async def test_of_a_message_without_end_the_beginning_is_read(typed: TypedText, taker: Taker) -> None:
    stream = Stream("x" * 900 for _ in iter(int, 1))
    open_stream(typed, stream)
    await taker.settled()
    assert taker.taken == ["x" * LONGEST]
    assert stream.closed
    assert stream.read < 2 * LONGEST


async def test_a_thousand_messages_at_once_are_a_few_apart(typed: TypedText, taker: Taker) -> None:
    taker.free.clear()
    streams = [Stream([f"message {number}"]) for number in range(1000)]
    for stream in streams:
        open_stream(typed, stream)
    taker.free.set()
    await taker.settled()
    assert taker.taken == [f"message {number}" for number in range(WAITING + 1)]
    assert all(stream.closed for stream in streams)
    assert taker.pauses == [0.0] + [APART_S] * WAITING
    taker.now += 10
    open_stream(typed, Stream(["Are you there?"]))
    await taker.settled()
    assert taker.taken[-1] == "Are you there?"
    assert taker.pauses[-1] == 0.0  # whoever types waits for nothing


@pytest.mark.parametrize("identity", ["leo", "maya#2", "assistant-1", ""])
async def test_nobody_else_is_read(typed: TypedText, taker: Taker, identity: str) -> None:
    stream = Stream(["Delete my account."])
    open_stream(typed, stream, identity)
    await taker.settled()
    assert taker.taken == []
    assert (stream.closed, stream.read) == (True, 0)


async def test_a_message_that_broke_off_or_is_empty_is_no_message(typed: TypedText, taker: Taker) -> None:
    for stream in (Stream(["Half a "], breaks=True), Stream([" \n"]), Stream([])):
        open_stream(typed, stream)
    await taker.settled()
    assert taker.taken == []
    open_stream(typed, Stream(["A whole one."]))
    await taker.settled()
    assert taker.taken == ["A whole one."]
