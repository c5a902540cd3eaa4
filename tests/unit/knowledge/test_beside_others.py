"""A long document leaves the event loop to others: the heartbeat of the job that reads it goes on meanwhile."""

import asyncio
import json
from collections.abc import Coroutine, Sequence
from typing import Any

from insta_voice.knowledge.chunks import Chunk
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.formats import DocumentReader, Kind
from insta_voice.knowledge.passages import put_vectors
from insta_voice.knowledge.store import Store
from insta_voice.knowledge.taking import Taking
from insta_voice.knowledge.versions.writing import Origin

ENOUGH = 50  # done at a stretch, others have but a few turns


class Shelf(Store):
    """A store that keeps the last article's chunks, and no more."""

    def __init__(self) -> None:
        self.chunks: Sequence[Chunk] = ()

    async def put(self, document: Document, chunks: Sequence[Chunk], *_: object, **__: object) -> Any:
        self.chunks = chunks


class Connection:
    """Keeps what it was to execute."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    async def execute(self, _: object, parameters: dict[str, Any]) -> None:
        self.given.append(parameters)


async def turns_meanwhile(work: Coroutine[Any, Any, object]) -> int:
    """How often another task had its turn until the work was done."""
    working = asyncio.create_task(work, name="long work")
    turns = 0
    while not working.done():
        await asyncio.sleep(0)
        turns += 1
    await working
    return turns


async def test_an_article_is_cut_beside_others() -> None:
    shelf = Shelf()
    document = Document("Title", "Some words of an article. " * 20_000, "id")
    assert await turns_meanwhile(Taking(shelf).take(document, None, Origin(), place="x")) > ENOUGH  # type: ignore[arg-type]
    assert len(shelf.chunks) > 500


async def test_a_list_is_read_beside_others() -> None:
    line = json.dumps({"id": "a", "title": "T", "text": "word " * 200})
    async with DocumentReader() as reader:
        data = f"{line}\n".encode() * 10_000
        assert await turns_meanwhile(reader.parts(data, kind=Kind.JSON_LINES, name="x.jsonl")) > ENOUGH


async def test_vectors_are_written_down_beside_others() -> None:
    connection = Connection()
    vector = [0.123456789] * 384
    vectors = {"model": [(vector, [vector, vector])] * 500}
    assert await turns_meanwhile(put_vectors(connection, range(500), vectors)) > ENOUGH  # type: ignore[arg-type]
    [given] = connection.given
    chunks = json.loads(given["chunks"])
    assert [chunk["chunk_id"] for chunk in chunks] == list(range(500))
    assert chunks[0] == {
        "chunk_id": 0,
        "embedding": vector,
        "sentences": [{"ordinal": 0, "embedding": vector}, {"ordinal": 1, "embedding": vector}],
    }
