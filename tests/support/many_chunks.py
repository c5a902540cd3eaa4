"""A database with many made-up chunks: where a scan costs, and the planner has a choice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from insta_voice.db import Queries
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, LOCAL_MODEL

QUERIES = Queries.load("tests.support", "many_chunks.sql")
_LOCAL: dict[str, Any] = {"model": LOCAL_MODEL, "dimensions": LOCAL_DIMENSIONS}
Rows = psycopg.AsyncConnection[dict[str, Any]]


@asynccontextmanager
async def many_chunks(admin_url: str, count: int) -> AsyncIterator[Rows]:
    """A connection of the owner's, with `count` chunks stored, their indexes made and their tables analysed."""
    async with await psycopg.AsyncConnection.connect(admin_url, row_factory=dict_row) as connection:
        await connection.execute("select setseed(0.5)")
        [index] = await _fetch(connection, "vector_index")
        await connection.execute(sql.SQL("drop index {}").format(sql.Identifier(index["indexname"])))
        for name in (
            "subjects",
            "articles",
            "chunks",
            "vectors",
            "sentences",
            "sentence_vectors",
            "without_triggers",
            "words",
            "title_words",
        ):
            await _execute(connection, name, count=count)
        await connection.commit()
        await connection.set_autocommit(True)
        await connection.execute("set maintenance_work_mem = '512MB'")
        await connection.execute(index["indexdef"])
        await connection.execute("vacuum analyze")
        await connection.set_autocommit(False)
        yield connection


async def questions(connection: Rows, count: int) -> list[list[float]]:
    """Vectors to ask with."""
    return [row["vector"] for row in await _fetch(connection, "questions", count=count)]


async def search(connection: Rows, words: str, vector: list[float], *audiences: str) -> list[int]:
    """The ids of the chunks found, best first."""
    rows = await _fetch(connection, "search", words=words, vector=vector, audiences=list(audiences))
    return [row["chunk_id"] for row in rows]


async def lexical(connection: Rows, words: str, vector: list[float]) -> tuple[dict[int, float], dict[int, float]]:
    """By chunk found for everyone's audience: how much of the words' weight it has, as the search says and by count."""
    rows = await _fetch(connection, "search", words=words, vector=vector, audiences=["everyone"])
    said = {row["chunk_id"]: row["lexical"] for row in rows}
    rows = await _fetch(connection, "lexical", words=words, chunks=list(said))
    return said, dict.fromkeys(said, 0.0) | {row["chunk_id"]: row["lexical"] for row in rows}


async def exact(connection: Rows, words: str, vector: list[float], *audiences: str) -> list[int]:
    """As `search`, with every vector compared."""
    return await _search_so("without_indexes", connection, words, vector, *audiences)


async def by_vector_index(connection: Rows, words: str, vector: list[float], *audiences: str) -> list[int]:
    """As `search`, through the index of vectors, even where the planner takes comparing all for less work."""
    return await _search_so("by_vector_index", connection, words, vector, *audiences)


async def _search_so(how: str, connection: Rows, words: str, vector: list[float], *audiences: str) -> list[int]:
    await _execute(connection, how)
    found = await search(connection, words, vector, *audiences)
    await connection.rollback()
    return found


@dataclass(frozen=True, slots=True)
class Touched:
    """What was read of a table, counted: `scans` of the whole, `rows` by way of an index."""

    scans: int
    rows: int


async def touched(connection: Rows) -> dict[str, Touched]:
    """By table, since the connection last told its counts: a difference is what was read between."""
    rows = await _fetch(connection, "touched")
    return {row["table"]: Touched(row["scans"], row["rows"]) for row in rows}


async def vector_scans(connection: Rows) -> int:
    """How often the index of vectors was gone through, counted as in `touched`."""
    [row] = await _fetch(connection, "vector_scans")
    return int(row["scans"])


async def _execute(connection: Rows, name: str, **parameters: Any) -> None:
    await connection.execute(QUERIES[name], _LOCAL | parameters)


async def _fetch(connection: Rows, name: str, **parameters: Any) -> list[dict[str, Any]]:
    return await (await connection.execute(QUERIES[name], _LOCAL | parameters)).fetchall()
