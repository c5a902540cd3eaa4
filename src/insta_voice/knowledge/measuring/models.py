"""The models of a run: those of its setting first, and how long their vectors take."""

import time
from collections.abc import Sequence

from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.embedders import Embedders
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.evidence import BY_WORDS
from insta_voice.knowledge.indexes import Index


class RunModels(Embedders):
    """The models of `inner`, asked first for the index that a setting names, and none of them for words alone.

    The others stay behind it as in a call, where they also are what its cosines are scaled by.
    """

    def __init__(self, inner: Embedders, index: str | None) -> None:
        super().__init__(inner.wanted)
        self.vectors_s = 0.0  # the sum over all questions
        self._inner = inner
        self._first = index
        self._timed: dict[str, _Timed] = {}

    async def to_ask(self, db: Database) -> list[tuple[Index, Embedder]]:
        """See Embedders. EmbeddingError when the index of the setting may not be asked."""
        if self._first == BY_WORDS:
            return []
        ways = await self._inner.to_ask(db)
        if self._first is not None and self._first not in (index.model for index, _ in ways):
            raise EmbeddingError(
                f"The index {self._first} cannot be asked here: `{command('kb status')}` shows which there are, and"
                " OPENAI_API_KEY or OPENAI_BASE_URL says where questions get the vectors of a provider's."
            )
        ways.sort(key=lambda way: way[0].model != self._first)
        return [(index, self._timed.setdefault(index.model, _Timed(embedder, self))) for index, embedder in ways]

    def forget(self) -> None:
        """See Embedders."""
        self._inner.forget()


class _Timed:
    """An embedder that tells the run how long it took."""

    def __init__(self, embedder: Embedder, run: RunModels) -> None:
        self._embedder, self._run = embedder, run

    @property
    def model(self) -> str:
        return self._embedder.model

    @property
    def dimensions(self) -> int | None:
        return self._embedder.dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        began = time.perf_counter()
        try:
            return await self._embedder.embed(texts)
        finally:
            self._run.vectors_s += time.perf_counter() - began
