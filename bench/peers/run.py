"""The measurements, one database after the other: many made chunks, then a folder's articles."""

from pathlib import Path

import psycopg
from bench.peers import filtered, quality, speed
from bench.peers.peers import fill, opened
from bench.peers.rows import QUERIES, read_rows
from bench.peers.side import ours
from bench.retrieval import Remembering
from bench.scale import made
from bench.server import temporary_server

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest
from insta_voice.voice.local.text_vectors import TextVectors


async def measure_many(chunks: int, callers: int, every: int) -> None:
    """Speed, and the filter that keeps few rows, by every `every`-th question."""
    embedder = LocalEmbedder(TextVectors())
    questions = made.read_questions()[::every]
    async with temporary_server() as server, Database(server.url) as db:
        await made.fill(server, db, embedder, chunks=chunks)
        rows = await read_rows(server.admin_url)
        await fill(server.admin_url, embedder, rows)
        known = Remembering(embedder)
        async with opened(server.admin_url, known, rows) as peers:
            await _analyze(server.admin_url)
            await speed.compare("with the vector known", [ours(db, known), *peers], questions, (1,))
        async with opened(server.admin_url, embedder, rows) as peers:
            mine = ours(db, embedder)
            await speed.compare(
                "with the question's vector made inside the time", [mine, *peers], questions, (1, callers)
            )
            await filtered.compare(server.admin_url, embedder, rows, mine, peers, questions)


async def measure_quality(data: Path) -> None:
    """Which articles are found."""
    embedder = Remembering(LocalEmbedder(TextVectors()))
    async with temporary_server() as server, Database(server.url) as db:
        print(f"\n{await ingest(db, embedder, [data / 'corpus.jsonl'])}")
        rows = await read_rows(server.admin_url)
        await fill(server.admin_url, embedder, rows)
        async with opened(server.admin_url, embedder, rows) as peers:
            await _analyze(server.admin_url)
            articles = {row.chunk_id: row.article_id for row in rows}
            await quality.compare([ours(db, embedder), *peers], quality.answerable(data), articles)


async def _analyze(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(QUERIES["analyze"])
