"""An article of several parts that all say which edition they are of, and callers who ask for it without a pause."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from insta_voice.db import Database
from insta_voice.knowledge import Document, Embedder
from insta_voice.knowledge.search import search

PARTS, CALLERS = 3, 3
QUESTION = "the lighthouse keeper's rule"


class Heard(NamedTuple):
    """Which version all parts were of, the edition that they named, and whose vectors they were found by."""

    version: int
    edition: int
    index: str


def text_of(edition: int) -> str:
    """Each of its parts says which edition it is of."""
    return "\n\n".join(f"## Part {part}\n\nThe lighthouse keeper's rule, edition {edition}." for part in range(PARTS))


def edition(number: int) -> Document:
    """The article as an author hands it in."""
    return Document("Lighthouse", text_of(number), "light")


async def heard(db: Database, embedder: Embedder) -> Heard:
    """What a caller hears now: the whole article, of one version."""
    [hits] = await search(db, embedder, [QUESTION], patience_s=5.0)
    found = [hit.passage for hit in hits if hit.passage.external_id == "light"]
    assert len(found) == PARTS, "the article was gone, or there in part, or twice"
    [told] = {Heard(one.version, int(one.text.rstrip(".").rsplit(" ", 1)[1]), one.index) for one in found}
    return told


class Asking:
    """Callers who ask on; `told` is what each of them heard, in order."""

    def __init__(self, told: Sequence[list[Heard]]) -> None:
        self.told = told
        self.answered = asyncio.Event()

    async def once_more(self) -> None:
        """Wait for another answer."""
        self.answered.clear()
        await self.answered.wait()


@asynccontextmanager
async def asking_on(db: Database, embedder: Embedder) -> AsyncIterator[Asking]:
    """Callers ask until this ends. Each of them hears a version after the other, and never an older one again."""
    asking = Asking([[] for _ in range(CALLERS)])
    is_over = False

    async def ask_on(told: list[Heard]) -> None:
        while not is_over:
            told.append(await heard(db, embedder))
            asking.answered.set()

    async with asyncio.TaskGroup() as callers:
        for told in asking.told:
            callers.create_task(ask_on(told))
        try:
            yield asking
        finally:
            is_over = True
    for told in asking.told:
        versions = [one.version for one in told]
        assert versions == sorted(versions), "an older version came back"
        assert len({one.version for one in told}) == len({(one.version, one.edition) for one in told})
