"""Which models' vectors the articles have: the index in use, those beside it, and how one takes another's place.

An index is asked only while every chunk has its vector. Articles and indexes are changed under one lock: whoever
writes an article sees which vectors it needs, and whoever puts an index in use sees every article.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from insta_voice.db import Connection, Database, Queries
from insta_voice.knowledge.embedding import LOCAL_MODEL

QUERIES = Queries.load("insta_voice.knowledge", "indexes.sql")

State = Literal["filling", "ready", "in use", "retired"]


@dataclass(frozen=True, slots=True)
class Index:
    """One model's vectors. `related_cosine` and `unrelated_cosine` are the means of a sentence to its own chunk and to
    another article's, None until measured. `trouble` says why it is not filled just now; `waits` until when it may be.
    """

    model: str
    dimensions: int
    state: State
    since: datetime
    related_cosine: float | None = None
    unrelated_cosine: float | None = None
    trouble: str | None = None
    waits_until: datetime | None = None
    waits: bool = False

    @property
    def may_be_asked(self) -> bool:
        """Whether the database answers questions in its vectors."""
        return self.state in ("in use", "ready")

    @property
    def is_made(self) -> bool:
        """Whether what is written gets its vectors."""
        return self.state != "retired"


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """An index, and how many of all `chunks` have its vector."""

    index: Index
    vectors: int
    chunks: int


async def read_indexes(db: Database) -> list[Index]:
    """Every index: the one in use first, then those that may stand in for it."""
    async with db.as_service() as connection:
        return await _read(connection)


async def read_progress(db: Database) -> list[IndexProgress]:
    """Every index with how far it is."""
    async with db.as_service() as connection:
        indexes = await _read(connection)
        row = await (await connection.execute(QUERIES["read_progress"])).fetchone()
    assert row is not None, "one row, always"
    return [IndexProgress(index, int(row["vectors"].get(index.model, 0)), int(row["chunks"])) for index in indexes]


async def register_index(db: Database, model: str, dimensions: int) -> None:
    """Have vectors of `model` made from now on; it is asked when they are complete. Nothing where it is known."""
    async with db.as_service() as connection:
        await connection.execute(QUERIES["register"], {"model": model, "dimensions": dimensions})


async def lock_indexes(connection: Connection) -> dict[str, State]:
    """Each model's state, which nobody else changes until this transaction ends."""
    return {row["model"]: row["state"] for row in await (await connection.execute(QUERIES["lock"])).fetchall()}


async def put_in_use(db: Database, model: str) -> bool:
    """Have questions asked in the vectors of `model`, if none is missing: in one transaction, so that there is an index
    to ask at every moment. Whether it is the one in use.
    """
    named = {"model": model, "local": LOCAL_MODEL}
    async with db.as_service() as connection:
        await lock_indexes(connection)
        for name in ("take_back", "make_ready", "make_room", "put_in_use"):
            await connection.execute(QUERIES[name], named)
        in_use = (await lock_indexes(connection)).get(model) == "in use"
        await connection.execute(QUERIES["leave_behind"], named)
    return in_use


async def note_complete(db: Database) -> None:
    """Have the indexes that lack no vector any more stand in for the one in use, which stays."""
    async with db.as_service() as connection:
        await lock_indexes(connection)
        await connection.execute(QUERIES["make_ready"])


async def _read(connection: Connection) -> list[Index]:
    rows: list[dict[str, Any]] = await (await connection.execute(QUERIES["read"])).fetchall()
    return [Index(**row) for row in rows]
