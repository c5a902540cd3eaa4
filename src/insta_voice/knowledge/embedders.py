"""The models of a process: the settings' own, the local one that is kept beside it, and the one that is still asked."""

import time
from collections.abc import Callable, Sequence

from insta_voice.costs import Usage
from insta_voice.db import Database
from insta_voice.knowledge.embedding import (
    LOCAL_MODEL,
    Embedder,
    HttpEmbedder,
    LocalEmbedder,
    openai_embedder,
    speech_server_embedder,
)
from insta_voice.knowledge.indexes import Index, read_indexes
from insta_voice.settings import Settings

# For so long an index that was put in use is not noticed; the one before it is there, or refuses and is let go at once.
_KNOWN_FOR_S = 10.0


class Embedders:
    """Makes vectors of every index that this process can.

    An Embedder itself, of the settings' model. `make` gives the embedder of another model of the same server: the one
    that questions are asked with until the settings' own has all of its vectors.
    """

    def __init__(
        self,
        wanted: Embedder,
        local: Embedder | None = None,
        *,
        make: Callable[[str, int], HttpEmbedder] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.wanted = wanted
        self._make = make
        self._clock = clock
        self._by_model = {embedder.model: embedder for embedder in (local, wanted) if embedder is not None}
        self._used: Callable[[Usage], None] | None = None
        self._indexes: list[Index] = []
        self._read_at: float | None = None

    @property
    def model(self) -> str:
        """The settings' model."""
        return self.wanted.model

    @property
    def dimensions(self) -> int | None:
        """See Embedder."""
        return self.wanted.dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, of the settings' model."""
        return await self.wanted.embed(texts)

    def of(self, index: Index) -> Embedder | None:
        """Who makes the vectors of `index`; None when nobody here does."""
        if index.model not in self._by_model and self._make is not None and index.model != LOCAL_MODEL:
            self._by_model[index.model] = made = self._make(index.model, index.dimensions)
            if self._used is not None:
                made.used = self._used
        return self._by_model.get(index.model)

    async def to_ask(self, db: Database) -> list[tuple[Index, Embedder]]:
        """The indexes that may be asked and whose vectors are made here, in the order in which they are."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= _KNOWN_FOR_S:
            self._indexes, self._read_at = await read_indexes(db), now
        asked = [(index, self.of(index)) for index in self._indexes if index.may_be_asked]
        return [(index, embedder) for index, embedder in asked if embedder is not None]

    def forget(self) -> None:
        """The indexes are not what they were: they are read again for the next question."""
        self._read_at = None

    def tell_usage(self, used: Callable[[Usage], None]) -> None:
        """`used` is told what each request used, whichever model it was to."""
        self._used = used
        for embedder in self._by_model.values():
            if isinstance(embedder, HttpEmbedder):
                embedder.used = used

    async def aclose(self) -> None:
        """Close the connections, let the threads go."""
        for embedder in self._by_model.values():
            if isinstance(embedder, HttpEmbedder | LocalEmbedder):
                await embedder.aclose()


def as_embedders(embedder: Embedder) -> Embedders:
    """`embedder` with what it was given beside it; alone, when it is a single model."""
    return embedder if isinstance(embedder, Embedders) else Embedders(embedder)


def embedders_of(
    settings: Settings, speech_url: str | None, *, in_process: Callable[[], LocalEmbedder | None] = lambda: None
) -> Embedders | None:
    """The models by the settings; None when the local one is wanted and neither a speech server is named nor
    `in_process` has it. `speech_url` is a running speech server (ws:// or http://), if there is one.
    """
    local = speech_server_embedder(speech_url) if speech_url else in_process()
    can_make = bool(settings.openai.api_key or settings.openai.base_url)
    make = (lambda model, dimensions: openai_embedder(settings, model, dimensions)) if can_make else None
    if settings.knowledge.embeddings == "openai":
        return Embedders(openai_embedder(settings, settings.openai.embedding_model), local, make=make)
    return Embedders(local, make=make) if local is not None else None
