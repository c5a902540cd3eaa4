"""What a page tells of its caller's ear is read with bounds: it is anybody's program, and it may have all day."""

import asyncio
import logging
from typing import Any

import pytest
from tests.support.text_stream import Stream

from insta_voice.agent.ear import APART_S, AT_ONCE, LONGEST, EarReports, Onset, read_onset

REPORT = '{"silence_ms": 640, "quiet_ms": 2100, "sent_after_ms": 55}'


class Taker:
    """Keeps what it is given; its clock stands still until it is moved."""

    def __init__(self) -> None:
        self.taken: list[Onset] = []
        self.now = 100.0

    async def settled(self) -> None:
        for _ in range(30):
            await asyncio.sleep(0)


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
def reports(taker: Taker) -> EarReports:
    return EarReports("maya", taker.taken.append, clock=lambda: taker.now)


def send(reports: EarReports, *chunks: str, identity: str = "maya", breaks: bool = False) -> Stream:
    stream: Any = Stream(chunks, breaks=breaks)
    reports.opened(stream, identity)
    return stream  # type: ignore[no-any-return]


async def test_a_report_is_taken_with_the_moment_it_came(reports: EarReports, taker: Taker) -> None:
    stream = send(reports, REPORT[:20], REPORT[20:])
    taker.now += 1
    await taker.settled()
    assert taker.taken == [Onset(640, 2100, 55, arrived_at=100.0)]
    assert stream.closed


async def test_each_answer_of_a_long_call_is_told_of(reports: EarReports, taker: Taker) -> None:
    for _ in range(AT_ONCE + 3):
        send(reports, REPORT)
        await taker.settled()
        taker.now += APART_S
    assert len(taker.taken) == AT_ONCE + 3


@pytest.mark.parametrize("identity", ["leo", "maya#2", "assistant-1", ""])
async def test_nobody_else_is_read(reports: EarReports, taker: Taker, identity: str) -> None:
    stream = send(reports, REPORT, identity=identity)
    await taker.settled()
    assert (taker.taken, stream.closed, stream.read) == ([], True, 0)


async def test_what_they_send_does_not_keep_the_caller_from_telling(reports: EarReports, taker: Taker) -> None:
    for _ in range(10):
        send(reports, REPORT, identity="leo")
    send(reports, REPORT)
    await taker.settled()
    assert len(taker.taken) == 1


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "null",
        "12",
        "{}",
        '{"silence_ms": 640}',
        '{"silence_ms": 640, "quiet_ms": 2100, "sent_after_ms": null}',
        '{"silence_ms": "640", "quiet_ms": null, "sent_after_ms": 1}',
        '{"silence_ms": true, "quiet_ms": null, "sent_after_ms": 1}',
        '{"silence_ms": -1, "quiet_ms": null, "sent_after_ms": 1}',
        '{"silence_ms": 60001, "quiet_ms": null, "sent_after_ms": 1}',
        '{"silence_ms": 1e999, "quiet_ms": null, "sent_after_ms": 1}',
        '{"silence_ms": null, "quiet_ms": NaN, "sent_after_ms": 1}',
        '{"silence_ms": null, "quiet_ms": null, "sent_after_ms": Infinity}',
        '{"silence_ms": [1], "quiet_ms": null, "sent_after_ms": 1}',
        REPORT + " " * LONGEST + "x",
    ],
)
def test_what_is_no_report_is_none(said: str) -> None:
    assert read_onset(said[:LONGEST] if len(said) < LONGEST else said, 0.0) is None


def test_a_caller_who_has_not_spoken_and_a_first_sound_have_no_before() -> None:
    assert read_onset('{"silence_ms": null, "quiet_ms": null, "sent_after_ms": 0}', 7.0) == Onset(None, None, 0, 7.0)


async def test_of_a_report_without_end_the_beginning_is_read(reports: EarReports, taker: Taker) -> None:
    stream: Any = Stream("x" * 90 for _ in iter(int, 1))
    reports.opened(stream, "maya")
    await taker.settled()
    assert (taker.taken, stream.closed) == ([], True)
    assert stream.read < 2 * LONGEST


async def test_a_flood_is_not_read_and_the_next_one_is(reports: EarReports, taker: Taker) -> None:
    streams = [send(reports, REPORT) for _ in range(1000)]
    await taker.settled()
    assert len(taker.taken) == AT_ONCE
    assert all(stream.closed for stream in streams)
    taker.now += APART_S
    for _ in range(2):
        send(reports, REPORT)
        await taker.settled()
    assert len(taker.taken) == AT_ONCE + 1


async def test_a_page_that_was_busy_tells_of_all_that_began_meanwhile(reports: EarReports, taker: Taker) -> None:
    """Chromium runs a hidden page once a second: three sounds may have begun in it, 0.3 s apart."""
    for _ in range(3):
        for _ in range(3):
            send(reports, REPORT)
            await taker.settled()
        taker.now += 1.0
    assert len(taker.taken) == 9


async def test_reports_that_never_end_are_few(reports: EarReports, taker: Taker) -> None:
    class Waits(Stream):
        async def __anext__(self) -> str:
            return await asyncio.Future()

    waiting: list[Any] = []
    for _ in range(AT_ONCE + 3):
        waiting.append(Waits([]))
        reports.opened(waiting[-1], "maya")
        taker.now += APART_S
    await taker.settled()
    assert [stream.closed for stream in waiting] == [False] * AT_ONCE + [True] * 3
    await reports.aclose()
    assert all(stream.closed for stream in waiting)


async def test_what_is_not_taken_is_told_once_and_without_what_it_said(
    reports: EarReports, taker: Taker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "insta_voice")
    send(reports, "Maya Okafor", breaks=True)
    for said in ("card 4111", '{"name": "Maya Okafor"}', REPORT):
        taker.now += 1
        send(reports, said, identity="leo" if said == REPORT else "maya")
        await taker.settled()
    assert len(caplog.records) == 1
    for personal in ("maya", "Maya", "leo", "4111"):
        assert personal not in caplog.text
