"""Questions to the database and back: one round trip, whatever their number."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from insta_voice.db import Database, Queries
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.evidence import Passage, Sentence
from insta_voice.knowledge.words_alone import scored_by_words, vectors_within

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")
# Enough to see how far the best stands out, and for what a follow-up adds from a second search.
MATCH_COUNT = 10
CHUNKS_PER_ARTICLE = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with what its score is made of; see insta.search_knowledge.

    `cosine` and `sentence_cosine` are of the chunk and its best sentence; `lexical` is BM25 as a share of what it
    could be at most; `known` is the share of the question's words, by weight, that any article has.
    """

    passage: Passage
    cosine: float
    sentence_cosine: float
    lexical: float
    known: float


async def search(
    db: Database,
    embedder: Embedder,
    queries: Sequence[str],
    *,
    user_id: str | None = None,
    audiences: Sequence[str] | None = None,
    match_count: int = MATCH_COUNT,
    chunks_per_article: int = CHUNKS_PER_ARTICLE,
    patience_s: float | None = None,
) -> list[list[Hit]]:
    """The best chunks for each query, best first, among what `user_id` may hear.

    Without a user, among what `audiences` may (default: everyone); that is for the service role's own work.
    EmbeddingError when the model is away; with `patience_s` the search then goes on by words alone, also when the
    model takes longer than that.
    """
    if patience_s is None:
        vectors: list[list[float]] | None = await embedder.embed(queries)
    else:
        vectors = await vectors_within(embedder, queries, patience_s)
    questions = [
        {"number": number, "query": query, "embedding": vectors[number] if vectors else None}
        for number, query in enumerate(queries)
    ]
    parameters = {
        "questions": json.dumps(questions),
        "model": embedder.model,
        "match_count": match_count,
        "chunks_per_article": chunks_per_article,
    }
    if user_id is not None:
        async with db.as_user(user_id) as connection:
            found = await connection.execute(_QUERIES["search_as_caller"], parameters)
            rows = await found.fetchall()
    else:
        parameters["audiences"] = list(audiences or ("everyone",))
        async with db.as_service() as connection:
            found = await connection.execute(_QUERIES["search_for_audiences"], parameters)
            rows = await found.fetchall()
    hits = [[_hit(row) for row in rows if row["number"] == number] for number in range(len(queries))]
    return hits if vectors else [[_by_words(hit, query) for hit in of] for of, query in zip(hits, queries, strict=True)]


def _hit(row: Mapping[str, Any]) -> Hit:
    passage = Passage(
        chunk_id=row["chunk_id"],
        article_id=str(row["article_id"]),
        external_id=row["external_id"],
        version=row["version"],
        title=row["title"],
        heading=row["heading"],
        url=row["url"],
        text=row["text"],
        score=row["score"],
        sentences=tuple(Sentence(s["text"], float(s["score"])) for s in row["sentences"]),
    )
    return Hit(passage, row["cosine"], row["sentence_cosine"], row["lexical"], row["known"])


def _by_words(hit: Hit, query: str) -> Hit:
    return replace(hit, passage=scored_by_words(hit.passage, query))
