"""A side of the comparison as the measurements see it: a name, and a question's chunks."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from insta_voice.db import Database
from insta_voice.knowledge import Embedder
from insta_voice.knowledge.embedders import as_embedders
from insta_voice.knowledge.questions import strip_fillers
from insta_voice.knowledge.search import search

OURS = "ours"
Ask = Callable[[str, Sequence[str], int], Awaitable[list[int]]]


@dataclass(frozen=True, slots=True)
class Side:
    """`ask`: a question, for which audiences, how many chunks; their ids, best first."""

    name: str
    ask: Ask


def ours(db: Database, embedder: Embedder) -> Side:
    """As a call asks it."""
    embedders = as_embedders(embedder)  # kept from question to question, as a call keeps it

    async def ask(question: str, audiences: Sequence[str], count: int) -> list[int]:
        query = strip_fillers(question) or question
        (hits,) = await search(db, embedders, [query], audiences=audiences, match_count=count)
        return [hit.passage.chunk_id for hit in hits]

    return Side(OURS, ask)
