"""Articles in the database, written: an article is replaced whole, in one transaction, or not at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from insta_voice.db import Connection, Database, Queries
from insta_voice.knowledge.chunks import Chunk, embedded_sentence, embedded_text
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.embedding import Embedder

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article was read: `source` is the directory asked for, None for a single file or none at all."""

    source: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What is stored. `embedded`: every chunk has a vector of the store's model."""

    id: str
    title: str
    content_hash: str
    origin: Origin
    embedded: bool


class Store:
    """Writes articles with the vectors of one embedder's model."""

    def __init__(self, db: Database, embedder: Embedder) -> None:
        self._db = db
        self._embedder = embedder

    async def known(self, external_ids: Sequence[str]) -> dict[str, KnownArticle]:
        """Stored articles by external id."""
        parameters = {"external_ids": list(external_ids), "model": self._embedder.model}
        async with self._db.as_service() as connection:
            rows = await (await connection.execute(_QUERIES["known_articles"], parameters)).fetchall()
        return {
            row["external_id"]: KnownArticle(
                str(row["id"]),
                row["title"],
                row["content_hash"],
                Origin(row["source"], row["source_path"]),
                row["embedded"],
            )
            for row in rows
        }

    async def find_by_content(self, content_hash: str) -> str | None:
        """The id of an article that has no external id, by its fingerprint."""
        async with self._db.as_service() as connection:
            found = await connection.execute(_QUERIES["find_by_content"], {"content_hash": content_hash})
            row = await found.fetchone()
        return str(row["id"]) if row else None

    async def put(self, document: Document, chunks: Sequence[Chunk], origin: Origin) -> str:
        """Add or replace an article; its id. The vectors are made before the transaction begins."""
        payload = await self._with_vectors(document.title, chunks)
        article = {
            "external_id": document.external_id,
            "source": origin.source,
            "source_path": origin.path,
            "title": document.title,
            "url": document.url,
            "language": document.language,
            "audience": list(document.audience),
            "labels": list(document.labels),
            "content": document.content,
            "content_hash": document.fingerprint(),
            "updated_at": document.updated_at,
        }
        async with self._db.as_service() as connection:
            row = await (await connection.execute(_QUERIES["put_article"], article)).fetchone()
            assert row is not None
            await self._replace_passages(connection, row["id"], document.title, payload)
        return str(row["id"])

    async def _replace_passages(
        self, connection: Connection, article_id: object, title: str, payload: list[dict[str, Any]]
    ) -> None:
        parameters = {
            "article_id": article_id,
            "title": title,
            "model": self._embedder.model,
            "chunks": json.dumps(payload),
        }
        for name in ("drop_passages", "drop_title_terms", "put_title_terms", "put_passages"):
            await connection.execute(_QUERIES[name], parameters)

    async def keep(self, article: KnownArticle, origin: Origin) -> None:
        """An unchanged article: note where it is now, and give it this model's vectors when it has none."""
        if not article.embedded:
            await self._add_vectors(article)
        if origin != article.origin:
            moved = {"article_id": article.id, "source": origin.source, "source_path": origin.path}
            async with self._db.as_service() as connection:
                await connection.execute(_QUERIES["move_article"], moved)

    async def _add_vectors(self, article: KnownArticle) -> None:
        async with self._db.as_service() as connection:
            found = await connection.execute(_QUERIES["stored_passages"], {"article_id": article.id})
            rows = await found.fetchall()
        chunks = [Chunk(row["heading"], row["text"], tuple(row["sentences"])) for row in rows]
        payload = await self._with_vectors(article.title, chunks)
        for row, chunk in zip(rows, payload, strict=True):
            chunk["chunk_id"] = row["chunk_id"]
        parameters = {"chunks": json.dumps(payload), "model": self._embedder.model}
        async with self._db.as_service() as connection:
            await connection.execute(_QUERIES["put_vectors"], parameters)

    async def _with_vectors(self, title: str, chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
        indexed = [embedded_text(title, chunk) for chunk in chunks]
        sentences = [embedded_sentence(sentence) for chunk in chunks for sentence in chunk.sentences]
        vectors = await self._embedder.embed([*indexed, *sentences])
        of_sentence = iter(vectors[len(chunks) :])
        return [
            {
                "ordinal": ordinal,
                "heading": chunk.heading,
                "text": chunk.text,
                "indexed": text,
                "embedding": vector,
                "sentences": [
                    {"ordinal": number, "text": sentence, "embedding": next(of_sentence)}
                    for number, sentence in enumerate(chunk.sentences)
                ],
            }
            for ordinal, (chunk, text, vector) in enumerate(zip(chunks, indexed, vectors, strict=False))
        ]

    async def remove_gone(self, source: str, present: Sequence[str], unreadable: Sequence[str]) -> int:
        """Remove what a directory no longer has; how many articles."""
        parameters = {"source": source, "present": list(present), "unreadable": list(unreadable)}
        async with self._db.as_service() as connection:
            removed = await connection.execute(_QUERIES["remove_gone"], parameters)
        return removed.rowcount
