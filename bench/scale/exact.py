"""The same search with and without the vector index: what the index, being approximate, leaves out."""

from collections.abc import Sequence

import psycopg

from insta_voice.db import Queries
from insta_voice.knowledge import Embedder
from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.knowledge.search import CHUNKS_PER_ARTICLE, MATCH_COUNT

_QUERIES = Queries.load("bench.scale", "scale.sql")


async def share_of_exact(
    admin_url: str, embedder: Embedder, questions: Sequence[str], audiences: Sequence[str]
) -> list[float]:
    """For each question the share of the exact search's chunks that the search finds too."""
    vectors = await embedder.embed(questions)
    shares = []
    async with await psycopg.AsyncConnection.connect(admin_url) as connection:
        for question, vector in zip(questions, vectors, strict=True):
            asked = {
                "question": question,
                "vector": vector,
                "model": LOCAL_MODEL,
                "audiences": list(audiences),
                "match_count": MATCH_COUNT,
                "chunks_per_article": CHUNKS_PER_ARTICLE,
            }
            found = await _chunks(connection, asked)
            await connection.execute(_QUERIES["without_indexes"])
            exact = await _chunks(connection, asked)
            await connection.rollback()
            shares.append(len(found & exact) / len(exact) if exact else 1.0)
    return shares


async def _chunks(connection: psycopg.AsyncConnection, asked: dict[str, object]) -> set[int]:
    return {row[0] for row in await (await connection.execute(_QUERIES["search"], asked)).fetchall()}
