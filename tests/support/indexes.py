"""Articles in two indexes: the scripted OpenAI's vectors, and the real local model's beside them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

from tests.support.openai import ScriptedOpenAI
from tests.support.settings import complete_settings

from insta_voice.db import Database
from insta_voice.knowledge import Embedder, Embedders, LocalEmbedder, keep_indexes, read_progress
from insta_voice.knowledge.embedding import LOCAL_MODEL, openai_embedder

LOCAL, SMALL = LOCAL_MODEL, "text-embedding-3-small"


class Kept:
    """A test session's model, which nobody it is lent to closes."""

    def __init__(self, embedder: LocalEmbedder) -> None:
        self._embedder = embedder
        self.model, self.dimensions = embedder.model, embedder.dimensions
        self.texts = 0

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts += len(texts)
        return await self._embedder.embed(texts)


@asynccontextmanager
async def models(openai: ScriptedOpenAI, local: Embedder | None, model: str = SMALL) -> AsyncIterator[Embedders]:
    """What a process has whose settings name a model of `openai`. It reads the indexes anew for each question."""
    settings = complete_settings(KNOWLEDGE_EMBEDDINGS="openai", OPENAI_EMBEDDING_MODEL=model, **openai.settings)
    an_hour_each = count(step=3600)
    made = Embedders(
        openai_embedder(settings, model),
        local,
        make=lambda other, dimensions: openai_embedder(settings, other, dimensions),
        clock=lambda: next(an_hour_each),
    )
    try:
        yield made
    finally:
        await made.aclose()


async def no_rest(_: float) -> None:
    """Nobody is given way to."""


async def work(db: Database, embedders: Embedders) -> None:
    """What the job worker does, until it has nothing to do just now."""
    await keep_indexes(db, embedders, for_s=60, rest=no_rest)


async def states(db: Database) -> dict[str, tuple[str, int]]:
    """Each model's state, and how many chunks have its vector."""
    return {progress.index.model: (progress.index.state, progress.vectors) for progress in await read_progress(db)}
