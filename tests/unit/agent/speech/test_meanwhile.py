"""A word of the app's own, where the first of somebody else's is late; on a virtual clock."""

import asyncio
from collections.abc import AsyncGenerator

from tests.support.virtual_clock import run_virtual

from insta_voice.agent.speech.meanwhile import with_word


async def _words(*words: str, after_s: float) -> AsyncGenerator[str, None]:
    await asyncio.sleep(after_s)
    for word in words:
        yield word
        await asyncio.sleep(9)


async def _moment() -> str:
    return "One moment."


def _heard(words: AsyncGenerator[str, None]) -> list[str]:
    async def scene() -> list[str]:
        return [word async for word in with_word(words, 2.5, _moment)]

    return run_virtual(scene())


def test_what_comes_in_time_is_passed_on_as_it_is() -> None:
    assert _heard(_words("Open", "it.", after_s=2)) == ["Open", "it."]


def test_a_late_first_word_has_one_before_it_and_a_late_second_has_none() -> None:
    assert _heard(_words("Open", "it.", after_s=3)) == ["One moment.", "Open", "it."]


def test_where_nothing_comes_nothing_is_added() -> None:
    assert _heard(_words(after_s=1)) == []


def test_who_stops_listening_leaves_nothing_running() -> None:
    closed = []

    async def endless() -> AsyncGenerator[str, None]:
        try:
            await asyncio.sleep(600)
            yield ""
        finally:
            closed.append(True)

    async def scene() -> None:
        words = with_word(endless(), 2.5, _moment)
        assert await anext(words) == "One moment."
        await words.aclose()
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1

    run_virtual(scene())
    assert closed == [True]
