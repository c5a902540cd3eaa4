"""Articles in the database, written: an article is replaced whole, in one transaction, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from insta_voice.db import Connection, Database, Queries
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.chunks import Chunk
from insta_voice.knowledge.documents import Document, checked_document
from insta_voice.knowledge.embedders import as_embedders
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.indexes import QUERIES as INDEX_QUERIES
from insta_voice.knowledge.indexes import lock_indexes
from insta_voice.knowledge.making import VectorMaker
from insta_voice.knowledge.passages import Vectors, put_vectors, replace_passages
from insta_voice.knowledge.versions.history import Version, read_version
from insta_voice.knowledge.versions.writing import (
    READ_FROM_A_FILE,
    Claim,
    Origin,
    Writing,
    next_version,
    publish_version,
    unclaimed,
)

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")
_ATTEMPTS = 3  # an index is put in use once in months


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What is stored. `read_hash`: the digest of its file when that was last read; `edited`: it was written otherwise
    since. `lacking`: of which models that are made here not every chunk has a vector.
    """

    id: str
    title: str
    content_hash: str
    read_hash: str | None
    edited: bool
    origin: Origin
    lacking: tuple[str, ...]


class _NotWhatItWasError(Exception):
    """Another index was put in use while an article's vectors were made."""


class Store:
    """Writes articles with the vectors of every index that this process has the model of."""

    def __init__(self, db: Database, embedder: Embedder) -> None:
        self._db = db
        self._maker = VectorMaker(db, as_embedders(embedder))

    async def prepare(self) -> None:
        """See VectorMaker: before the first article is written."""
        await self._maker.prepare()

    async def finish(self) -> None:
        """See VectorMaker: behind the last article."""
        await self._maker.finish()

    async def known(self, external_ids: Sequence[str]) -> dict[str, KnownArticle]:
        """Stored articles by external id."""
        parameters = {"external_ids": list(external_ids), "models": await self._maker.models()}
        async with self._db.as_service() as connection:
            rows = await (await connection.execute(_QUERIES["known_articles"], parameters)).fetchall()
        return {
            row["external_id"]: KnownArticle(
                str(row["id"]),
                row["title"],
                row["content_hash"],
                _read_hash(row),
                row["edited"],
                Origin(row["source"], row["source_path"], row["file_hash"]),
                tuple(row["lacking"]),
            )
            for row in rows
        }

    async def read_before(self, external_id: str, file_hash: str) -> Document | None:
        """What the file of an article was read as, if it is still the file of this hash."""
        async with self._db.as_service() as connection:
            asked = {"external_id": external_id, "file_hash": file_hash}
            row = await (await connection.execute(_QUERIES["read_before"], asked)).fetchone()
        if row is None:
            return None
        document = checked_document(row["document"])
        # An edit may say what the file says now: then no version was written of it.
        return document if document.digest() == row["read_hash"] else None

    async def find_by_content(self, content_hash: str) -> str | None:
        """The id of an article that has no external id, by its fingerprint."""
        async with self._db.as_service() as connection:
            found = await connection.execute(_QUERIES["find_by_content"], {"content_hash": content_hash})
            row = await found.fetchone()
        return str(row["id"]) if row else None

    async def put(
        self,
        document: Document,
        chunks: Sequence[Chunk],
        origin: Origin,
        writing: Writing = READ_FROM_A_FILE,
        *,
        article_id: str | None = None,
        claim: Claim = unclaimed,
    ) -> Version:
        """Add an article or replace what it says, as its next version; that version. The vectors are made before the
        transaction begins. `article_id` names one that is there, or was; without it the external id does.
        """
        for _ in range(_ATTEMPTS):
            vectors = await self._maker.embed(document.title, chunks)
            try:
                async with self._db.as_service() as connection:
                    await self._lock(connection, vectors)
                    await claim(connection)
                    version = await next_version(connection, article_id or document.external_id)
                    await publish_version(connection, version, document, origin, writing)
                    await replace_passages(connection, version.article_id, document.title, chunks, vectors)
                    await connection.execute(INDEX_QUERIES["fall_behind"], {"models": list(vectors)})
                    return (await read_version(connection, version.article_id)).version
            except _NotWhatItWasError:
                continue
        raise EmbeddingError(detail="the index in use changes too quickly")

    async def _lock(self, connection: Connection, vectors: Vectors) -> None:
        states = await lock_indexes(connection)
        if any(state == "in use" and model not in vectors for model, state in states.items()):
            raise _NotWhatItWasError

    async def keep(
        self, article: KnownArticle, origin: Origin, read_hash: str | None, *, claim: Claim = unclaimed
    ) -> None:
        """An article that stays as it is: note where its file is now and what it says, and give it what it lacks."""
        if article.lacking:
            await self._add_vectors(article)
        if (origin, read_hash) != (article.origin, article.read_hash):
            read = {
                "article_id": article.id,
                "source": origin.source,
                "source_path": origin.path,
                "file_hash": origin.file_hash,
                "read_hash": read_hash,
            }
            async with self._db.as_service() as connection:
                await claim(connection)
                await connection.execute(_QUERIES["note_reading"], read)

    async def _add_vectors(self, article: KnownArticle) -> None:
        async with self._db.as_service() as connection:
            found = await connection.execute(_QUERIES["stored_passages"], {"article_id": article.id})
            rows = await found.fetchall()
        chunks = [Chunk(row["heading"], row["text"], tuple(row["sentences"])) for row in rows]
        vectors = await self._maker.embed(article.title, chunks, only=article.lacking)
        async with self._db.as_service() as connection:
            await put_vectors(connection, [row["chunk_id"] for row in rows], vectors)

    async def remove_gone(self, source: str, present: Sequence[str], unreadable: Sequence[str]) -> int:
        """Remove what a directory no longer has; how many articles."""
        parameters = {"source": source, "present": list(present), "unreadable": list(unreadable)}
        async with self._db.as_service() as connection:
            removed = await connection.execute(_QUERIES["remove_gone"], parameters)
        return removed.rowcount


def _read_hash(row: Mapping[str, Any]) -> str | None:
    """An article that was taken out and came back has none of its own: its history says what its file said.

    What was ingested before there was a history has a day in it also where its file names none: then the file counts as
    changed.
    """
    noted: str | None = row["read_hash"]
    return noted if row["last_read"] is None else checked_document(row["last_read"]).digest()
