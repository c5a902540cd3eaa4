"""A made corpus into a database: what ingestion would have stored, but by COPY, and with the vector index made last."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np
import psycopg
from bench.scale.corpus import CHUNKS_PER_ARTICLE, Corpus, MadeArticle, Vectors
from psycopg import sql

from insta_voice.db import Queries
from insta_voice.knowledge.embedding import LOCAL_MODEL

_QUERIES = Queries.load("bench.scale", "scale.sql")
_ARTICLES_AT_ONCE = 500
_BINARY_HEADER, _BINARY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


def load(admin_url: str, corpus: Corpus, *, chunks: int) -> None:
    """Store `chunks` chunks of the corpus beside what is there."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("set maintenance_work_mem = '2GB'")
        row = connection.execute(_QUERIES["vector_index"], {"model": LOCAL_MODEL}).fetchone()
        assert row is not None
        name, definition = row
        connection.execute(sql.SQL("drop index public.{}").format(sql.Identifier(name)))
        row_of_ids = connection.execute("select coalesce(max(id), 0) from public.knowledge_chunks").fetchone()
        assert row_of_ids is not None
        for first_id, articles in _batches(corpus, chunks, int(row_of_ids[0]) + 1):
            _store(connection, first_id, articles)
        connection.execute("analyze")  # or the postings are counted by a plan for few rows, for minutes and more
        for name in ("lengths", "title_lengths"):
            connection.execute(_QUERIES[name])
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")  # no trigger for each of the postings
            for name in ("postings", "title_postings"):
                connection.execute(_QUERIES[name])
        connection.execute(definition)
        connection.execute("vacuum analyze")


def _batches(corpus: Corpus, chunks: int, next_id: int) -> Iterator[tuple[int, list[MadeArticle]]]:
    for begun in range(0, chunks // CHUNKS_PER_ARTICLE, _ARTICLES_AT_ONCE):
        count = min(_ARTICLES_AT_ONCE, chunks // CHUNKS_PER_ARTICLE - begun)
        yield next_id + begun * CHUNKS_PER_ARTICLE, [corpus.make() for _ in range(count)]


def _store(connection: psycopg.Connection, first_id: int, articles: Sequence[MadeArticle]) -> None:
    made = [chunk for article in articles for chunk in article.chunks]
    ids = range(first_id, first_id + len(made))
    names = [UUID(int=first_id + i) for i in range(len(articles))]
    with connection.transaction(), connection.cursor() as cursor:
        with cursor.copy(_QUERIES["copy_articles"]) as copy:
            for name, article in zip(names, articles, strict=True):
                copy.write_row((name, f"made-{name.int}", article.title, [article.audience], "", ""))
        with cursor.copy(_QUERIES["copy_chunks"]) as copy:
            for number, (chunk_id, chunk) in enumerate(zip(ids, made, strict=True)):
                article, ordinal = divmod(number, CHUNKS_PER_ARTICLE)
                copy.write_row((chunk_id, names[article], ordinal, chunk.text))
        with cursor.copy(_QUERIES["copy_sentences"]) as copy:
            for chunk_id, chunk in zip(ids, made, strict=True):
                for ordinal, sentence in enumerate(chunk.sentences):
                    copy.write_row((chunk_id, ordinal, sentence))
        # what they point to was stored a moment ago
        cursor.execute("set local session_replication_role = replica")
        with cursor.copy(_QUERIES["copy_chunk_vectors"]) as copy:
            copy.write(_binary(np.array(ids)[:, None], np.stack([chunk.vectors[0] for chunk in made])))
        with cursor.copy(_QUERIES["copy_sentence_vectors"]) as copy:
            keys = [
                (chunk_id, i) for chunk_id, chunk in zip(ids, made, strict=True) for i in range(len(chunk.sentences))
            ]
            copy.write(_binary(np.array(keys), np.concatenate([chunk.vectors[1:] for chunk in made])))


def _binary(keys: np.ndarray, vectors: Vectors) -> bytes:
    """Rows for COPY: the keys (bigint, then integers), the model, the vector as pgvector sends it."""
    model, dimensions = LOCAL_MODEL.encode(), vectors.shape[1]
    sizes = [8, *[4] * (keys.shape[1] - 1)]
    columns = [(f"key{i}", [("length", ">i4"), ("value", f">i{size}")]) for i, size in enumerate(sizes)]
    row = np.dtype(
        [
            ("fields", ">i2"),
            *columns,
            ("model", [("length", ">i4"), ("value", f"S{len(model)}")]),
            ("vector", [("length", ">i4"), ("dimensions", ">i2"), ("unused", ">i2"), ("value", ">f4", dimensions)]),
        ]
    )
    rows = np.zeros(len(vectors), row)
    rows["fields"] = len(sizes) + 2
    for i, size in enumerate(sizes):
        rows[f"key{i}"]["length"], rows[f"key{i}"]["value"] = size, keys[:, i]
    rows["model"]["length"], rows["model"]["value"] = len(model), model
    vector = rows["vector"]
    vector["length"], vector["dimensions"], vector["value"] = 4 + 4 * dimensions, dimensions, vectors
    return _BINARY_HEADER + rows.tobytes() + _BINARY_END
