"""An article's vectors: one of every index that this process has the model of."""

import logging
from collections.abc import Sequence

from insta_voice.db import Database, Queries
from insta_voice.errors import ConfigurationError, EmbeddingError
from insta_voice.knowledge.chunks import Chunk
from insta_voice.knowledge.embedders import Embedders
from insta_voice.knowledge.embedding import TAKEN_BY_ALL, TextRefusedError
from insta_voice.knowledge.indexes import Index, put_in_use, read_indexes, register_index
from insta_voice.knowledge.passages import ChunkVectors, Vectors, embed_passages, require_a_taken_text

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")
_LOG = logging.getLogger(__name__)


class VectorMaker:
    """Makes what is to be stored with an article."""

    def __init__(self, db: Database, embedders: Embedders) -> None:
        self._db = db
        self._embedders = embedders
        # Not in use, and their models failed: they are not waited for in each article.
        self._left_to_the_worker: set[str] = set()

    async def prepare(self) -> None:
        """Make the settings' model known before its first article. In an empty collection nobody else's vectors are
        asked, and it is put in use at once; else that is the job worker's (upkeep.py).

        ConfigurationError when its vectors are not of the size they were.
        """
        known = {index.model: index for index in await read_indexes(self._db)}
        wanted = self._embedders.wanted
        dimensions = wanted.dimensions
        if dimensions is None:
            dimensions = len((await wanted.embed([TAKEN_BY_ALL]))[0])
        if (index := known.get(wanted.model)) is None:
            await register_index(self._db, wanted.model, dimensions)
            async with self._db.as_service() as connection:
                is_empty = await (await connection.execute(_QUERIES["is_empty"])).fetchone()
            if is_empty:
                await put_in_use(self._db, wanted.model)
        elif index.dimensions != dimensions:
            raise ConfigurationError(
                f"The index of {wanted.model} has vectors of {index.dimensions} numbers, and the model now gives "
                f"{dimensions}. Serve another model under another name."
            )

    async def finish(self) -> None:
        """Where nothing can be asked, as after an update that brought another local model, put the settings' index in
        use if no chunk lacks its vector any more. While another is asked, that is the job worker's.
        """
        if not any(index.state == "in use" for index in await read_indexes(self._db)):
            await put_in_use(self._db, self._embedders.wanted.model)
            self._embedders.forget()

    async def models(self) -> list[str]:
        """Whose vectors are made here."""
        return [index.model for index in await self._made() if self._embedders.of(index) is not None]

    async def embed(self, title: str, chunks: Sequence[Chunk], *, only: Sequence[str] | None = None) -> Vectors:
        """The vectors by model. EmbeddingError when those of the index in use cannot be made, or none at all of a new
        article, TextRefusedError when that is because of its text; what another index lacks now, the job worker makes
        later.
        """
        made: Vectors = {}
        failed = EmbeddingError()
        for index in await self._made():
            if (only is not None and index.model not in only) or not self._needs(index):
                continue
            try:
                made[index.model] = await self._embed(index, title, chunks)
            except EmbeddingError as error:
                failed = error
                if index.state == "in use":
                    raise
                if not isinstance(error, TextRefusedError):
                    self._left_to_the_worker.add(index.model)
                _LOG.warning("articles have no vectors of %s yet: %s", index.model, error.detail or error.code)
        if not made and only is None:
            raise failed
        return made

    def _needs(self, index: Index) -> bool:
        if index.state == "in use":
            return True
        return index.model not in self._left_to_the_worker and self._embedders.of(index) is not None

    async def _embed(self, index: Index, title: str, chunks: Sequence[Chunk]) -> list[ChunkVectors]:
        embedder = self._embedders.of(index)
        if embedder is None:
            raise EmbeddingError(
                f"Vectors of {index.model} are needed, and nothing here makes them: `kb status` shows the indexes.",
                detail="no such model here",
            )
        try:
            return await embed_passages(embedder, [(title, chunk) for chunk in chunks])
        except TextRefusedError:
            await require_a_taken_text(embedder)
            raise

    async def _made(self) -> list[Index]:
        return [index for index in await read_indexes(self._db) if index.is_made]
