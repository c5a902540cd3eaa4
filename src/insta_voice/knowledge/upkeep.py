"""What the job worker does for the indexes: fill what is not complete, change to the settings' model, clear away."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta

from insta_voice.db import Database
from insta_voice.errors import ConfigurationError, DataRefusedError, EmbeddingError
from insta_voice.knowledge.embedders import Embedders
from insta_voice.knowledge.filling import Rest, fill_index
from insta_voice.knowledge.indexes import QUERIES, Index, note_complete, put_in_use, read_indexes, register_index
from insta_voice.knowledge.making import VectorMaker

_LOG = logging.getLogger(__name__)
# A model that turns out worse than the one before it is changed back within a day, without being paid for again.
_KEEP_FOR = timedelta(days=1)
_SWEPT_AT_ONCE = 1_000  # chunks a statement, of some ten sentences each: some tenths of a second
_MEASURED_PAIRS = 500  # the mean cosine is then known to about a hundredth


async def keep_indexes(
    db: Database,
    embedders: Embedders,
    *,
    for_s: float,
    rest: Rest = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Work on the indexes for about `for_s`. It may be killed anywhere, and be run by several workers one after the
    other: what is left is found in the database. While the settings' index is filled, the one before it is asked.
    """
    ends_at = clock() + for_s
    is_prepared = await _prepare(db, embedders)
    before = is_prepared and await put_in_use(db, embedders.model)
    await _index(db)
    for index in await _to_fill(db, embedders):
        embedder = embedders.of(index)
        if embedder is not None and not index.waits and (is_prepared or index.model != embedders.model):
            await fill_index(db, index, embedder, for_s=ends_at - clock(), rest=rest, clock=clock)
    if not is_prepared:
        await note_complete(db)
    elif await put_in_use(db, embedders.model) and not before:
        _LOG.info("the articles are searched with %s from now on", embedders.model)
    await _measure(db)
    await _sweep(db)


async def _prepare(db: Database, embedders: Embedders) -> bool:
    """Whether the settings' index can be worked on; the others are, also when it cannot."""
    try:
        await VectorMaker(db, embedders).prepare()
    except ConfigurationError as error:
        _LOG.warning("the index of %s is left as it is: %s", embedders.model, error.message)
    except EmbeddingError as error:
        _LOG.warning("the index of %s is left as it is: %s", embedders.model, error.detail or error.code)
    else:
        return True
    return False


async def _index(db: Database) -> None:
    """Vectors that were there before their model had an entry, or that a restore has brought, have no HNSW index yet.
    Writers wait once while it is made; nothing happens where it is there.
    """
    for index in await read_indexes(db):
        try:
            if index.is_made:
                await register_index(db, index.model, index.dimensions)
        except DataRefusedError as error:  # vectors of another size than the one that is noted
            _LOG.warning("%s has no HNSW index, and is searched slowly: %s", index.model, error.detail)


async def _to_fill(db: Database, embedders: Embedders) -> list[Index]:
    """The settings' own first: it is the one that is waited for."""
    filling = [index for index in await read_indexes(db) if index.state == "filling"]
    return sorted(filling, key=lambda index: index.model != embedders.model)


async def _measure(db: Database) -> None:
    """Look where the cosines of an index lie (scale.py), and again when there is twice as much to look at."""
    async with db.as_service() as connection:
        for row in await (await connection.execute(QUERIES["unmeasured"])).fetchall():
            await connection.execute(QUERIES["measure"], {"model": row["model"], "pairs": _MEASURED_PAIRS})


async def _sweep(db: Database) -> None:
    """Some of what was left behind long enough; the next run takes more."""
    values = {"keep": _KEEP_FOR, "limit": _SWEPT_AT_ONCE}
    async with db.as_service() as connection:
        for name in ("sweep_vectors", "forget"):
            await connection.execute(QUERIES[name], values)
