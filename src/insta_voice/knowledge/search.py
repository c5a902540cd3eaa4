"""Questions to the database and back: one round trip, whatever their number, and one beside the making of their vectors
for the names in them."""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from typing import Any

from psycopg.errors import ObjectNotInPrerequisiteState

from insta_voice.db import Connection, Database, Queries
from insta_voice.errors import DBDriverError, EmbeddingError
from insta_voice.knowledge.embedders import Embedders, as_embedders
from insta_voice.knowledge.embedding import LOCAL_MODEL, Embedder
from insta_voice.knowledge.folding import folded
from insta_voice.knowledge.hits import Hit, hits_of
from insta_voice.knowledge.question_vectors import QuestionVectors, vectors_of, vectors_within
from insta_voice.knowledge.scale import LOCAL_SCALE, Scale, scale_of
from insta_voice.knowledge.understanding import with_names

_LOG = logging.getLogger(__name__)
_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")
# Enough to see how far the best stands out, and for what a follow-up adds from a second search.
MATCH_COUNT = 10
CHUNKS_PER_ARTICLE = 3
# Rows beyond those wanted, to take the places of twins: ten, for a collection that holds everything twice.
_SPARE = 10
# A provider's half a second, of the share that it gets while another model stands behind it. Asked with less, one that
# is well would be taken for away, and its index left for a while.
_ASK_AGAIN_WITHIN_S = 0.9


class _RefusedError(Exception):
    """The index is not asked any more: it changed since it was looked at."""


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
    Passages that say the same in different articles are folded into one; the next take their places.
    Names that were misheard are searched as the articles write them.
    The index in use is asked, or one that stands in for it while its model is away. EmbeddingError when no model
    answers; with `patience_s` the search then goes on by words alone, also when they take longer than that.
    """
    wanted: dict[str, Any] = {
        "match_count": match_count + _SPARE,
        "chunks_per_article": chunks_per_article,
        "audiences": list(audiences or ("everyone",)),
    }
    as_heard = list(queries)
    embedders = as_embedders(embedder)
    began = time.monotonic()
    for _ in range(2):  # the second time with the indexes as they are now
        left_s = None if patience_s is None else patience_s - (time.monotonic() - began)
        queries, asked, local = await _understood(db, embedders, as_heard, user_id, wanted["audiences"], left_s)
        try:
            rows = await _rows(db, user_id, queries, asked, wanted)
        except _RefusedError:
            embedders.forget()
        else:
            return _folded(hits_of(rows, queries, asked, local), match_count)
    if patience_s is None:
        raise EmbeddingError("The indexes of the articles are being changed. Try again in a moment.")
    rows = await _rows(db, user_id, queries, None, wanted)
    return _folded(hits_of(rows, queries, None, LOCAL_SCALE), match_count)


def _folded(found: Sequence[Sequence[Hit]], match_count: int) -> list[list[Hit]]:
    return [folded(hits)[:match_count] for hits in found]


async def _understood(
    db: Database,
    embedders: Embedders,
    as_heard: list[str],
    user_id: str | None,
    audiences: list[str],
    patience_s: float | None,
) -> tuple[list[str], QuestionVectors | None, Scale]:
    """The questions with their names put right, and their vectors: made at once for what was heard, because few have a
    name in them that was misheard, and once more for those. Where no time is left for that, or no model answers again,
    the first vectors are kept: a name that is put right changes the words more than the meaning.
    """
    began = time.monotonic()
    queries, first = await asyncio.gather(
        _with_names(db, as_heard, user_id, audiences, patience_s),
        _vectors(db, embedders, as_heard, patience_s),
        return_exceptions=True,  # both are over before either's error is raised
    )
    if isinstance(first, BaseException):
        raise first
    if isinstance(queries, BaseException):
        raise queries
    if queries == as_heard or first[0] is None:
        return queries, *first
    left_s = None if patience_s is None else patience_s - (time.monotonic() - began)
    if left_s is not None and left_s < _ASK_AGAIN_WITHIN_S:
        return queries, *first
    again = await _vectors(db, embedders, queries, left_s)
    return queries, *(again if again[0] else first)


async def _with_names(
    db: Database, as_heard: list[str], user_id: str | None, audiences: list[str], patience_s: float | None
) -> list[str]:
    """The questions with their names put right; as they were heard when that fails, or takes longer than `patience_s`,
    because it is a help and no more.
    """
    try:
        async with asyncio.timeout(patience_s):
            return await with_names(db, as_heard, user_id=user_id, audiences=audiences)
    except (DBDriverError, TimeoutError) as error:
        why = error.detail or error.code if isinstance(error, DBDriverError) else "too slow"
        _LOG.info("names are searched as they were heard: %s", why)
        return as_heard


async def _vectors(
    db: Database, embedders: Embedders, queries: Sequence[str], patience_s: float | None
) -> tuple[QuestionVectors | None, Scale]:
    """The questions' vectors, None for words alone, and the scale of the local model."""
    ways = await embedders.to_ask(db)
    local = next((scale for index, _ in ways if index.model == LOCAL_MODEL and (scale := scale_of(index))), LOCAL_SCALE)
    if patience_s is None:
        return await vectors_of(ways, queries), local
    return await vectors_within(ways, queries, patience_s), local


async def _rows(
    db: Database, user_id: str | None, queries: Sequence[str], asked: QuestionVectors | None, wanted: dict[str, Any]
) -> list[dict[str, Any]]:
    questions = [
        {"number": number, "query": query, "embedding": asked.vectors[number] if asked else None}
        for number, query in enumerate(queries)
    ]
    parameters = {**wanted, "questions": json.dumps(questions), "model": asked.index.model if asked else None}
    if user_id is not None:
        async with db.as_user(user_id) as connection:
            return await _execute(connection, "search_as_caller", parameters)
    async with db.as_service() as connection:
        return await _execute(connection, "search_for_audiences", parameters)


async def _execute(connection: Connection, statement: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        return await (await connection.execute(_QUERIES[statement], parameters)).fetchall()
    except ObjectNotInPrerequisiteState as refused:
        raise _RefusedError from refused
