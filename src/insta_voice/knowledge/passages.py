"""An article's passages and their vectors: what those are made of, and into the database with them."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from insta_voice.db import Connection, Queries
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.chunks import Chunk, embedded_sentence, embedded_text
from insta_voice.knowledge.embedding import TAKEN_BY_ALL, Embedder, TextRefusedError

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")

ChunkVectors = tuple[list[float], list[list[float]]]
"""A chunk's vector and those of its sentences, in their order."""

Vectors = dict[str, list[ChunkVectors]]
"""By model: the vectors of some chunks, in their order."""


async def embed_passages(embedder: Embedder, passages: Sequence[tuple[str, Chunk]]) -> list[ChunkVectors]:
    """The vectors of chunks, each with the title of its article."""
    indexed = [embedded_text(title, chunk) for title, chunk in passages]
    sentences = [embedded_sentence(sentence) for _, chunk in passages for sentence in chunk.sentences]
    vectors = await embedder.embed([*indexed, *sentences])
    of_sentence = iter(vectors[len(passages) :])
    return [
        (vector, [next(of_sentence) for _ in chunk.sentences])
        for vector, (_, chunk) in zip(vectors, passages, strict=False)
    ]


async def embed_accepted(
    embedder: Embedder, passages: Sequence[tuple[str, Chunk]]
) -> list[ChunkVectors | TextRefusedError]:
    """The same of those that the model takes; in place of the others why it does not."""
    try:
        return list(await embed_passages(embedder, passages))
    except TextRefusedError:
        await require_a_taken_text(embedder)
    return [await _embed_one(embedder, passage) for passage in passages]


async def require_a_taken_text(embedder: Embedder) -> None:
    """EmbeddingError when the model takes no text at all, or is away: then no text is to blame."""
    try:
        await embedder.embed([TAKEN_BY_ALL])
    except TextRefusedError as error:
        raise EmbeddingError(detail=error.detail, retry_after_s=error.retry_after_s) from error


async def _embed_one(embedder: Embedder, passage: tuple[str, Chunk]) -> ChunkVectors | TextRefusedError:
    try:
        return (await embed_passages(embedder, [passage]))[0]
    except TextRefusedError as refused:
        return refused


async def replace_passages(
    connection: Connection, article_id: str, title: str, chunks: Sequence[Chunk], vectors: Vectors
) -> None:
    """Store these chunks in the place of those an article has, with the postings of its title."""
    parameters: dict[str, Any] = {"article_id": article_id, "title": title}
    for name in ("drop_passages", "drop_title_terms", "put_title_terms"):
        await connection.execute(_QUERIES[name], parameters)
    passages = [
        {
            "ordinal": ordinal,
            "heading": chunk.heading,
            "text": chunk.text,
            "indexed": embedded_text(title, chunk),
            "sentences": list(chunk.sentences),
        }
        for ordinal, chunk in enumerate(chunks)
    ]
    parameters["chunks"] = json.dumps(passages)
    rows = await (await connection.execute(_QUERIES["put_passages"], parameters)).fetchall()
    await put_vectors(connection, [row["id"] for row in rows], vectors)


async def put_vectors(connection: Connection, chunk_ids: Sequence[int], vectors: Vectors) -> None:
    """Store the vectors of these chunks, which are in the same order; nothing of those that are gone."""
    for model, made in vectors.items():
        payload = await asyncio.to_thread(_as_json, chunk_ids, made)
        await connection.execute(_QUERIES["put_vectors"], {"model": model, "chunks": payload})


def _as_json(chunk_ids: Sequence[int], vectors: Sequence[ChunkVectors]) -> str:
    """What put_vectors reads. Chunk by chunk: the longest article's is 70 MB, and json lets no other thread run in one
    call.
    """
    chunks = (
        json.dumps(
            {
                "chunk_id": chunk_id,
                "embedding": vector,
                "sentences": [
                    {"ordinal": ordinal, "embedding": of_sentence} for ordinal, of_sentence in enumerate(sentences)
                ],
            }
        )
        for chunk_id, (vector, sentences) in zip(chunk_ids, vectors, strict=True)
    )
    return f"[{','.join(chunks)}]"
