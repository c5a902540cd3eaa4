"""A list of 500 MB is read line by line: none of it is in memory but the articles that it gives."""

import json
import tracemalloc

from insta_voice.knowledge.formats import DocumentReader, Kind, Part


async def parts_of(data: bytes) -> list[Part]:
    async with DocumentReader() as reader:
        return await reader.parts(data, kind=Kind.JSON_LINES, name="list.jsonl")


async def test_lines_that_are_refused_take_no_memory() -> None:
    data = f"{json.dumps({'title': 'No id', 'text': 'word ' * 4_000})}\n".encode() * 1_000
    tracemalloc.start()
    try:
        parts = await parts_of(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {part.reason.partition(":")[0] for part in parts} == {"The line has no id"}
    assert most < len(data) / 10


async def test_a_line_that_is_longer_than_any_article_is_refused_alone() -> None:
    good = json.dumps({"id": "a", "title": "T", "text": "x"})
    first, second = await parts_of(b'{"text": "' + b"x" * 16_000_000 + b'"}\n\n' + good.encode())
    assert (first.reason, first.line) == ("The line is longer than 16000000 characters.", 1)
    assert second.document is not None
    assert (second.document.external_id, second.line) == ("a", 3)


async def test_the_longest_article_may_be_written_in_escapes() -> None:
    text = "😀" * 1_000_000
    [part] = await parts_of(json.dumps({"id": "a", "title": "T", "text": text}).encode())
    assert part.document is not None
    assert part.document.content == text
