"""Promise 32 for modes `realtime` and `pipeline`: what is said in a call, by either side or by a provider that refuses,
stands in no line of the worker's log, at its loudest."""

import asyncio
import io
import logging
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.memory_call.call import MemoryCall, calling
from tests.support.minds import found, passage
from tests.support.openai import BROKEN, UNAUTHORIZED, Cut, Stall
from tests.support.openai.faults import Fault
from tests.support.vendors import OPENAI_KEY
from tests.support.virtual_clock import run_virtual

from insta_voice import telemetry
from insta_voice.knowledge import Context, Evidence, Sentence
from insta_voice.voice.needs import Mode

SAID = "My card is 4111 1111 1111 1111, write to maya.okafor@private.example"
ANSWER = "Your password is opened with the word marigold."
ARTICLE = "Open the sign-in page with your password."
PERSONAL = ("4111 1111", "4111111111111111", "maya.okafor", "private.example", "marigold", "my card is", OPENAI_KEY)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The worker's log at its loudest, in the place of this run's."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in telemetry._QUIET}
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "stderr", stream)
    telemetry.configure_logging("worker", "debug")
    yield stream
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, quiet in levels.items():
        logging.getLogger(name).setLevel(quiet)


async def search(question: str, context: Context) -> tuple[Evidence, ...]:
    return found(question, replace(passage(ARTICLE), sentences=(Sentence(ARTICLE, 0.95),)))


async def answered(call: MemoryCall) -> None:
    """Until the assistant has said something to what the caller said last."""
    said = len(call.notes.turns)
    async with asyncio.timeout(60):
        while not any(turn.speaker == "assistant" and turn.heard for turn in call.notes.turns[said:]):
            await call.notes.more()


@pytest.mark.parametrize("fault", [None, UNAUTHORIZED, BROKEN, Cut(), Stall()], ids=str)
@pytest.mark.parametrize("mode", ["realtime", "pipeline"])
def test_a_call_leaves_nothing_personal_in_the_log(
    mode: Mode, fault: Fault | None, tmp_path: Path, written: io.StringIO
) -> None:
    async def scene() -> None:
        async with calling(mode, ANSWER, ANSWER, search=search, data_dir=tmp_path) as call:
            if fault is not None:
                call.openai.fail("response" if mode == "realtime" else "chat", fault)
            await call.says(SAID)
            await answered(call)
        assert any(SAID in turn.text for turn in call.notes.turns)

    run_virtual(scene())
    logging.getLogger("insta_voice.test").info("the log was read")
    log = written.getvalue().lower()
    assert "the log was read" in log
    assert [words for words in PERSONAL if words.lower() in log] == []
