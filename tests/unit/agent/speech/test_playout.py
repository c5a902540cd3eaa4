"""The assistant's voice can be held in mid-word at once, and not a sample of it is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from livekit import rtc
from livekit.agents.voice.io import PlaybackFinishedEvent
from tests.support.audio_source import Source
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.speech.playout import SAMPLE_RATE_HZ, Playout

FRAME_S = 0.02
LOUD = 8000


@asynccontextmanager
async def playing(seconds: float) -> AsyncIterator[tuple[Playout, Source, list[PlaybackFinishedEvent]]]:
    """A voice that has just been given `seconds` of sound, all at once."""
    source = Source(SAMPLE_RATE_HZ)
    playout, finished = Playout(source), list[PlaybackFinishedEvent]()
    playout.on("playback_finished", finished.append)
    playout.open()
    await playout.capture_frame(_sound(seconds))
    playout.flush()
    try:
        yield playout, source, finished
    finally:
        await playout.aclose()


def _sound(seconds: float) -> rtc.AudioFrame:
    samples = np.full(round(seconds * SAMPLE_RATE_HZ), LOUD, np.int16)
    return rtc.AudioFrame(samples.tobytes(), SAMPLE_RATE_HZ, 1, samples.size)


def _loud_s(source: Source) -> float:
    return float((source.heard() == LOUD).sum()) / SAMPLE_RATE_HZ


@on_virtual_clock
async def test_what_is_said_is_heard_whole_and_told_when_it_is_over() -> None:
    async with playing(1.0) as (playout, source, finished):
        await asyncio.sleep(0.9)
        assert not finished
        assert (await playout.wait_for_playout()).playback_position == pytest.approx(1.0)
        assert finished[0].interrupted is False
        assert _loud_s(source) == pytest.approx(1.0)


@on_virtual_clock
async def test_it_is_silent_within_a_frame_of_being_held_and_goes_on_where_it_was() -> None:
    async with playing(1.0) as (playout, source, finished):
        await asyncio.sleep(0.5)
        playout.pause()
        await asyncio.sleep(0.3)
        quiet = source.heard()[round((0.5 + FRAME_S + 0.001) * SAMPLE_RATE_HZ) :]
        assert not quiet.any()
        assert not finished
        playout.resume()
        assert (await playout.wait_for_playout()).playback_position == pytest.approx(1.0)
        whole_s = 1.0 - FRAME_S  # the frame that fades is said again, fading in
        assert _loud_s(source) == pytest.approx(whole_s, abs=0.001)


@on_virtual_clock
async def test_held_when_all_of_it_was_handed_over_it_still_goes_on() -> None:
    async with playing(0.15) as (playout, source, finished):
        await asyncio.sleep(0.05)
        playout.pause()
        await asyncio.sleep(1.0)
        assert not finished
        playout.resume()
        await playout.wait_for_playout()
        assert _loud_s(source) == pytest.approx(0.15 - FRAME_S, abs=0.001)


@on_virtual_clock
async def test_held_before_its_first_sound_it_waits_until_it_is_let_go() -> None:
    source = Source(SAMPLE_RATE_HZ)
    playout = Playout(source)
    playout.open()
    playout.pause()
    playout.clear_buffer()
    await playout.capture_frame(_sound(0.2))
    playout.flush()
    await asyncio.sleep(1.0)
    assert not source.heard().any()
    playout.resume()
    assert (await playout.wait_for_playout()).playback_position == pytest.approx(0.2)
    await playout.aclose()


@on_virtual_clock
async def test_an_interrupted_voice_tells_how_much_was_heard() -> None:
    async with playing(1.0) as (playout, source, finished):
        await asyncio.sleep(0.4)
        playout.clear_buffer()
        assert finished[0].interrupted
        assert finished[0].playback_position == pytest.approx(0.4, abs=0.001)
        await asyncio.sleep(0.5)
        assert _loud_s(source) == pytest.approx(0.4, abs=0.001)


@on_virtual_clock
async def test_interrupted_while_it_is_held_it_is_heard_no_more_and_the_next_is() -> None:
    async with playing(1.0) as (playout, source, finished):
        await asyncio.sleep(0.4)
        playout.pause()
        await asyncio.sleep(0.2)
        playout.clear_buffer()
        assert finished[0].playback_position == pytest.approx(0.4, abs=0.001)
        playout.resume()
        await asyncio.sleep(0.2)
        assert _loud_s(source) == pytest.approx(0.4, abs=0.001)
        await playout.capture_frame(_sound(0.2))
        playout.flush()
        await playout.wait_for_playout()
        assert _loud_s(source) == pytest.approx(0.6, abs=0.001)


@on_virtual_clock
async def test_a_sentence_that_comes_late_is_no_end() -> None:
    source = Source(SAMPLE_RATE_HZ)
    playout, finished = Playout(source), list[PlaybackFinishedEvent]()
    playout.on("playback_finished", finished.append)
    playout.open()
    await playout.capture_frame(_sound(0.2))
    await asyncio.sleep(1.0)
    assert not finished
    await playout.capture_frame(_sound(0.2))
    playout.flush()
    await playout.wait_for_playout()
    assert finished[0].playback_position == pytest.approx(0.4)
    playout.flush()
    playout.clear_buffer()
    assert len(finished) == 1, "there is nothing more to end"
    await playout.aclose()


@on_virtual_clock
async def test_what_is_said_before_the_caller_can_hear_waits() -> None:
    playout = Playout(Source(SAMPLE_RATE_HZ))
    waiting = asyncio.create_task(playout.capture_frame(_sound(0.2)))
    await asyncio.sleep(5)
    assert not waiting.done()
    playout.open()
    await waiting
    await playout.aclose()


class Noting(Source):
    """Takes a moment for each frame, as the real one does, and notes how long they are."""

    def __init__(self) -> None:
        super().__init__(SAMPLE_RATE_HZ)
        self.sizes: list[int] = []
        self._busy = False

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await asyncio.shield(asyncio.ensure_future(self._take(frame)))

    async def _take(self, frame: rtc.AudioFrame) -> None:
        """To its end, also when nobody waits for it any more."""
        if self._busy:
            raise RuntimeError("failed to capture frame")
        self._busy = True
        try:
            await asyncio.sleep(0.002)
            self.sizes.append(frame.samples_per_channel)
            await super().capture_frame(frame)
        finally:
            self._busy = False


@on_virtual_clock
async def test_what_comes_in_small_pieces_is_sent_in_frames() -> None:
    source = Noting()
    playout = Playout(source)
    playout.open()
    for _ in range(5):
        await playout.capture_frame(_sound(0.009))
        await asyncio.sleep(0.005)
    playout.flush()
    await playout.wait_for_playout()
    assert source.sizes == [480, 480, 120]
    await playout.aclose()


@on_virtual_clock
async def test_the_next_voice_begins_when_the_last_one_has_faded() -> None:
    source = Noting()
    playout = Playout(source)
    playout.open()
    for _ in range(2):
        await playout.capture_frame(_sound(1.0))
        playout.flush()
        await asyncio.sleep(0.1)
        playout.clear_buffer()
    await playout.capture_frame(_sound(0.1))
    playout.flush()
    assert not (await playout.wait_for_playout()).interrupted
    assert source.heard()[-1] == LOUD
    await playout.aclose()


@on_virtual_clock
@pytest.mark.parametrize("after_s", [0.1, 0.101])
async def test_an_interrupted_voice_fades_out_whatever_was_handed_over_just_then(
    after_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    source = Noting()
    playout = Playout(source)
    playout.open()
    await playout.capture_frame(_sound(1.0))
    playout.flush()
    await asyncio.sleep(after_s)
    playout.clear_buffer()
    await asyncio.sleep(0.1)
    fading = source.heard()[source.heard() != 0][-round(FRAME_S * SAMPLE_RATE_HZ) // 2 :]
    assert (np.diff(fading) < 0).all()
    assert not caplog.records
    await playout.aclose()
