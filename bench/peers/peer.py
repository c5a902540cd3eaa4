"""What the bench asks of a peer: to take our rows, and to say which of them it finds for a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from insta_voice.knowledge import Embedder


@dataclass(frozen=True, slots=True)
class Row:
    """A chunk as our search has it: its text with the titles above it, and the vector of just that text.

    `audience` is who may hear it, as one word, because a peer's filter compares a field with values.
    """

    chunk_id: int
    article_id: str
    audience: str
    text: str
    vector: list[float]


class Peer(Protocol):
    """A peer's store on Postgres with its hybrid search."""

    @classmethod
    async def open(cls, url: str, embedder: Embedder) -> Self:
        """Its tables in the database at `url` (postgresql://…), made when they are missing."""
        ...

    async def load(self, rows: Sequence[Row]) -> None:
        """Store the rows, with its indexes."""
        ...

    async def search(self, question: str, audiences: Sequence[str], count: int) -> list[int]:
        """The ids of `count` chunks, best first, among rows whose audience is one of `audiences`; the question's
        vector is made here.
        """
        ...

    async def aclose(self) -> None:
        """Let the connections go."""
        ...
