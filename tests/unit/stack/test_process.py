"""When a watched part is started again, with the clock and the waits given by the test."""

import asyncio
import io
import sys

import pytest

from insta_voice.errors import ConfigurationError
from insta_voice.stack.logs import LogStream
from insta_voice.stack.parts import Part
from insta_voice.stack.process import HOPELESS_AFTER, SupervisedPart


class RecordingGuardian:
    """Remembers which groups it was told of."""

    def __init__(self) -> None:
        self.groups: set[int] = set()
        self.told = 0

    def add(self, group: int, stop_signal: int) -> None:
        self.told += 1
        self.groups.add(group)

    def remove(self, group: int) -> None:
        self.groups.remove(group)


async def test_the_waits_grow_and_a_part_that_never_came_is_given_up() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    out = io.StringIO()
    guardian = RecordingGuardian()
    part = Part("gone", lambda: [sys.executable, "-c", "raise SystemExit(7)"], {}, notifies=True)
    supervised = SupervisedPart(part, LogStream(out), guardian, clock=lambda: 0.0, sleep=sleep)
    with pytest.raises(ConfigurationError, match="gone could not be started: it ended with exit code 7"):
        await supervised.run()
    assert waits == [0.5, 1.0, 2.0]
    assert guardian.told == HOPELESS_AFTER
    assert not guardian.groups


async def test_a_missing_program_is_named() -> None:
    out = io.StringIO()

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0)

    part = Part("gone", lambda: ["/no/such/program"], {})
    supervised = SupervisedPart(part, LogStream(out), RecordingGuardian(), sleep=sleep)
    with pytest.raises(ConfigurationError, match="No such file or directory: /no/such/program"):
        await supervised.run()


async def test_a_part_that_was_ready_is_never_given_up() -> None:
    enough = asyncio.Event()
    starts = 0

    async def sleep(seconds: float) -> None:
        nonlocal starts
        starts += 1
        if starts > HOPELESS_AFTER + 1:
            enough.set()

    out = io.StringIO()
    part = Part("brief", lambda: [sys.executable, "-c", "import time; time.sleep(0.2)"], {})
    supervised = SupervisedPart(part, LogStream(out), RecordingGuardian(), sleep=sleep)
    running = asyncio.create_task(supervised.run())
    await asyncio.wait_for(enough.wait(), 30)
    await supervised.stop(5.0)
    await running
    assert "brief ended with exit code 0; starting it again in 0.5 s." in out.getvalue()


_TALKER = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print("told: by nobody", flush=True)
signal.sigwait({signal.SIGTERM})
print("told: every connection", "goodbye", sep="\\n")
"""


async def test_what_a_part_says_of_being_told_to_stop_is_left_out_only_then() -> None:
    heard = asyncio.Event()

    class Heard(io.StringIO):
        def write(self, text: str) -> int:
            if "told: by nobody" in text:
                heard.set()
            return super().write(text)

    out = Heard()
    part = Part("talker", lambda: [sys.executable, "-c", _TALKER], {}, last_words="told: ")
    supervised = SupervisedPart(part, LogStream(out), RecordingGuardian())
    running = asyncio.create_task(supervised.run())
    await asyncio.wait_for(heard.wait(), 30)
    await supervised.stop(20.0)
    await running
    assert "told: by nobody" in out.getvalue()
    assert "goodbye" in out.getvalue()
    assert "every connection" not in out.getvalue()
