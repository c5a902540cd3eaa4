"""An index filled in the background, some chunks at a time: what is stored is the progress, so that it can be killed
anywhere and goes on where it was.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.chunks import Chunk
from insta_voice.knowledge.embedding import Embedder, TextRefusedError
from insta_voice.knowledge.indexes import QUERIES, Index
from insta_voice.knowledge.passages import embed_accepted, put_vectors

_LOG = logging.getLogger(__name__)
# With ten sentences each, some hundred texts: a second of the local model, a few requests to a provider. It is also
# what is embedded twice when the worker is killed at the wrong moment.
_CHUNKS_AT_ONCE = 8
_WAIT_S = 60.0  # before a server that failed and named no time is asked again
# Before a text that was not taken is shown again. An article that is loaded anew gets its vectors at once.
_WAIT_FOR_TEXT_S = 600.0

Rest = Callable[[float], Awaitable[None]]


async def fill_index(
    db: Database,
    index: Index,
    embedder: Embedder,
    *,
    for_s: float,
    rest: Rest = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Give chunks the vectors of `index` that they lack, for about `for_s`; whether none is left.

    After each batch it rests as long as that took: callers' questions go to the same model. A server that fails, or has
    had enough, is left alone until the time it names, by whichever worker comes next. A passage that it does not take
    is passed over, and named at the end.
    """
    ends_at = clock() + for_s
    refused: dict[int, str] = {}
    is_done = False
    while not is_done and clock() < ends_at:
        began = clock()
        try:
            done = await _fill_some(db, index.model, embedder, refused)
        except EmbeddingError as error:
            wait_s = _WAIT_S if error.retry_after_s is None else error.retry_after_s
            await _note_trouble(db, index, error.detail or error.code, wait_s)
            return False
        if not (is_done := done == 0):
            await rest(clock() - began)
    if refused:
        await _note_trouble(db, index, _named(refused), _WAIT_FOR_TEXT_S if is_done else 0.0)
    return is_done and not refused


async def _fill_some(db: Database, model: str, embedder: Embedder, refused: dict[int, str]) -> int:
    """How many chunks there were to look at. Those that the model does not take are put into `refused`, and why."""
    wanted = {"model": model, "limit": _CHUNKS_AT_ONCE, "refused": list(refused)}
    async with db.as_service() as connection:
        rows = await (await connection.execute(QUERIES["without_vectors"], wanted)).fetchall()
    if rows:
        passages = [(row["title"], Chunk(row["heading"], row["text"], tuple(row["sentences"]))) for row in rows]
        made = dict(zip((row["chunk_id"] for row in rows), await embed_accepted(embedder, passages), strict=True))
        taken = {chunk_id: made_of for chunk_id, made_of in made.items() if not isinstance(made_of, TextRefusedError)}
        async with db.as_service() as connection:
            await put_vectors(connection, list(taken), {model: list(taken.values())})
        refused |= {
            row["chunk_id"]: f"{error.detail} for a passage of {row['title']!r}"
            for row in rows
            if isinstance(error := made[row["chunk_id"]], TextRefusedError)
        }
    return len(rows)


def _named(refused: dict[int, str]) -> str:
    first, *others = refused.values()
    return f"{first}, and for {len(others)} more" if others else first


async def _note_trouble(db: Database, index: Index, trouble: str, wait_s: float) -> None:
    _LOG.warning("the index of %s waits %.0f s for its vectors: %s", index.model, wait_s, trouble)
    async with db.as_service() as connection:
        await connection.execute(QUERIES["note_trouble"], {"model": index.model, "trouble": trouble, "wait_s": wait_s})
