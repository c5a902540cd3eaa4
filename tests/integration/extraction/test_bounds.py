"""A parser that hangs, eats, crashes or reaches out is ended with its document; the next one is read."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from tests.support.processes import alive

from insta_voice.errors import ConfigurationError, InvalidInputError
from insta_voice.extraction.bounds import Bounds
from insta_voice.extraction.extractor import Extractor
from insta_voice.extraction.kinds import Kind

MISBEHAVING = (sys.executable, "-I", str(Path(__file__).parents[2] / "support" / "formats" / "misbehaving.py"))
BOUNDS = Bounds(memory_bytes=400_000_000, cpu_seconds=1, seconds=3.0, output_bytes=1_000_000)


@pytest.fixture
async def extractor() -> AsyncIterator[Extractor]:
    made = Extractor(BOUNDS, MISBEHAVING)
    yield made
    await made.aclose()
    # Forks have the command of their parent, and no parent when it was killed.
    ours = [
        process for process in psutil.process_iter(["cmdline"]) if MISBEHAVING[-1] in (process.info["cmdline"] or ())
    ]
    assert alive(ours) == [], "a process was left behind"


async def text_of(extractor: Extractor, data: bytes) -> str:
    [found] = await extractor.extract(data, Kind.HTML)
    return found.fields["text"]


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (b"hang", "takes longer than 1 s: split it"),
        (b"doze", "takes longer than 3 s: split it"),
        (b"eat", "more memory than a document may have"),
        (b"crash", "cannot be read as HTML, it is damaged: save it anew"),
        (b"flood", "more text than can be read at once"),
        (b"call home", "cannot be read as HTML"),
        (b"look around", "cannot be read as HTML"),
        (b"kill its parent", "cannot be read as HTML: save it anew"),
        (b"speak nonsense", "cannot be read as HTML, it is damaged"),
        (b"find no fields", "cannot be read as HTML, it is damaged"),
        (b"find nothing", "cannot be read as HTML, it is damaged"),
        (b"dig deep", "cannot be read as HTML, it is damaged"),
    ],
)
async def test_a_parser_that_misbehaves_costs_its_own_document(
    extractor: Extractor, deed: bytes, sentence: str
) -> None:
    assert await text_of(extractor, b"the one before") == "the one before"
    began = time.monotonic()
    with pytest.raises(InvalidInputError, match=sentence):
        await extractor.extract(deed, Kind.HTML)
    assert time.monotonic() - began < BOUNDS.seconds + 2
    assert await text_of(extractor, b"the one after") == "the one after"


async def test_the_process_that_reads_knows_no_settings(extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a secret")
    told = (await text_of(extractor, b"say what it knows")).split()
    assert set(told) <= {"nothing", "ORT_DISABLE_TELEMETRY", "LC_CTYPE"}, "what the package and Python set themselves"


async def test_what_a_parser_prints_is_no_answer(extractor: Extractor) -> None:
    assert [await text_of(extractor, data) for data in (b"chatter", b"the one after")] == ["chatter", "the one after"]


async def test_documents_that_come_at_once_are_not_mixed_up(extractor: Extractor) -> None:
    documents = [b"document %d" % number * 10_000 for number in range(5)]
    assert await asyncio.gather(*(text_of(extractor, data) for data in documents)) == [d.decode() for d in documents]


async def test_a_reading_that_is_given_up_leaves_nothing_to_the_next(extractor: Extractor) -> None:
    await text_of(extractor, b"started")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await extractor.extract(b"hang", Kind.HTML)
    assert await text_of(extractor, b"the one after") == "the one after"


async def test_a_process_that_does_not_start_is_said() -> None:
    broken = Extractor(BOUNDS, (sys.executable, "-c", f"raise SystemExit({os.EX_CONFIG})"))
    with pytest.raises(ConfigurationError, match="does not start"):
        await broken.extract(b"x", Kind.HTML)


async def test_a_process_that_never_says_it_has_started_is_given_up() -> None:
    silent = Extractor(BOUNDS, (sys.executable, "-c", "import sys; sys.stdin.read()"), start_seconds=0.5)
    try:
        async with asyncio.timeout(BOUNDS.seconds):
            with pytest.raises(ConfigurationError, match="does not start"):
                await silent.extract(b"x", Kind.HTML)
    finally:
        await silent.aclose()


async def test_a_process_that_is_given_up_while_it_starts_is_ended(tmp_path: Path) -> None:
    """What it would have said next was taken for the answer to the next document."""
    started = tmp_path / "started"
    os.mkfifo(started)
    script = f"import os, sys; open({str(started)!r}, 'w').write(str(os.getpid())); sys.stdin.read()"
    starting = Extractor(BOUNDS, (sys.executable, "-c", script))
    try:
        reading = asyncio.create_task(starting.extract(b"x", Kind.HTML), name="a reading that is given up")
        pid = int(await asyncio.to_thread(started.read_text))
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert not psutil.pid_exists(pid)
    finally:
        await starting.aclose()
