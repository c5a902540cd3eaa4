"""An answer that is late is bridged, and what was put before it moves its words; on a virtual clock."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest
from livekit import rtc
from livekit.agents import APIConnectionError
from livekit.agents.types import USERDATA_TIMED_TRANSCRIPT, TimedString
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.speech.bridge import bridged

RATE_HZ = 16_000


def sound(seconds: float, text: str = "") -> rtc.AudioFrame:
    samples = int(seconds * RATE_HZ)
    frame = rtc.AudioFrame(bytes(samples * 2), RATE_HZ, 1, samples)
    if text:
        frame.userdata[USERDATA_TIMED_TRANSCRIPT] = [TimedString(text, start_time=0.1, end_time=0.5)]
    return frame


FILLER, APOLOGY = sound(1.0), sound(2.0)


class Hearing:
    """What came, and when."""

    def __init__(self, apology: Sequence[rtc.AudioFrame] | None = (APOLOGY,)) -> None:
        self.heard: list[tuple[float, rtc.AudioFrame]] = []
        self.fillers: list[int] = []
        self._apology = apology

    def listen(self, voice: Callable[[], AsyncIterator[rtc.AudioFrame]], *, silent: bool = False) -> None:
        async def scene() -> None:
            loop = asyncio.get_running_loop()

            def filler(times: int) -> list[rtc.AudioFrame] | None:
                self.fillers.append(times)
                return None if silent else [FILLER]

            async for frame in bridged(voice(), filler, lambda: self._apology, clock=loop.time):
                self.heard.append((round(loop.time() - began, 1), frame))

        async def timed() -> None:
            nonlocal began
            began = asyncio.get_running_loop().time()
            await scene()

        began = 0.0
        run_virtual(timed())

    def at(self, frame: rtc.AudioFrame) -> list[float]:
        return [at_s for at_s, heard in self.heard if heard is frame]


def test_what_comes_in_time_is_passed_on_as_it_is() -> None:
    first, second = sound(0.5, "hello"), sound(0.5)

    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        await asyncio.sleep(1)
        yield first
        yield second

    hearing = Hearing()
    hearing.listen(voice)
    assert [frame for _, frame in hearing.heard] == [first, second]
    assert first.userdata[USERDATA_TIMED_TRANSCRIPT][0].start_time == 0.1


def test_a_voice_that_hangs_is_bridged_again_and_again() -> None:
    answer = sound(0.5, "hello")

    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        await asyncio.sleep(15)
        yield answer

    hearing = Hearing()
    hearing.listen(voice)
    assert hearing.at(FILLER) == [2.5, 9.5]  # the second 6 s after the first has been heard
    assert hearing.at(answer) == [15]
    [word] = answer.userdata[USERDATA_TIMED_TRANSCRIPT]
    assert (word, word.start_time, word.end_time) == ("hello", 2.1, 2.5)


def test_a_voice_that_hangs_in_the_middle_is_bridged_once_what_it_gave_has_been_heard() -> None:
    begun, rest = sound(4.0), sound(0.5)

    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        yield begun
        await asyncio.sleep(9)
        yield rest

    hearing = Hearing()
    hearing.listen(voice)
    assert hearing.at(FILLER) == [6.5]
    assert hearing.at(rest) == [9]


def test_a_voice_that_hangs_for_good_is_given_up_with_an_apology() -> None:
    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        await asyncio.sleep(600)
        yield sound(0.5)

    hearing = Hearing()
    hearing.listen(voice)
    assert len(hearing.at(FILLER)) == 5
    assert hearing.at(APOLOGY) == [37.5]
    assert hearing.heard[-1][1] is APOLOGY


def test_a_voice_that_fails_is_apologised_for() -> None:
    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        await asyncio.sleep(1)
        raise APIConnectionError()
        yield

    hearing = Hearing()
    hearing.listen(voice)
    assert hearing.at(APOLOGY) == [1]


def test_what_was_heard_until_the_voice_failed_is_told_and_the_apology_has_its_place_in_it() -> None:
    told: list[str] = []
    apology = sound(2.0, "Sorry.")

    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        yield sound(0.5, "Open ")
        yield sound(0.5, "the page ")
        raise APIConnectionError()

    async def scene() -> None:
        clock = asyncio.get_running_loop().time
        async for _ in bridged(voice(), lambda _: None, lambda: [apology], gave_up=told.append, clock=clock):
            pass

    run_virtual(scene())
    assert told == ["Open the page Sorry."]
    assert apology.userdata[USERDATA_TIMED_TRANSCRIPT][0].start_time == 1.1


def test_without_an_apology_the_failure_is_the_sessions() -> None:
    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        raise APIConnectionError()
        yield

    with pytest.raises(APIConnectionError):
        Hearing(apology=None).listen(voice)


def test_without_a_filler_the_answer_still_comes() -> None:
    answer = sound(0.5)

    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        await asyncio.sleep(90)
        yield answer

    hearing = Hearing(apology=None)
    hearing.listen(voice, silent=True)
    assert [frame for _, frame in hearing.heard] == [answer]
    assert hearing.fillers[:2] == [0, 1]


def test_an_interrupted_answer_leaves_nothing_running() -> None:
    closed = []

    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        try:
            yield sound(0.1)
            await asyncio.sleep(600)
        finally:
            closed.append(True)

    async def scene() -> int:
        frames = bridged(voice(), lambda _: None, lambda: None, clock=asyncio.get_running_loop().time)
        await anext(frames)
        await frames.aclose()  # type: ignore[attr-defined]
        return len(asyncio.all_tasks())

    assert run_virtual(scene()) == 1
    assert closed == [True]


def test_a_voice_that_hangs_again_after_some_words_is_bridged_as_soon_as_the_first_time() -> None:
    words, hearing = sound(1.0), Hearing()

    async def voice() -> AsyncIterator[rtc.AudioFrame]:
        await asyncio.sleep(3.0)
        yield words
        await asyncio.sleep(20.0)

    hearing.listen(voice)
    assert hearing.at(words) == [3.0]
    assert hearing.at(FILLER)[:3] == [2.5, 7.0, 14.0]
