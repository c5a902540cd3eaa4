"""Whose a reading is: a source is claimed before it is read, and the claim kept for as long as that goes on."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from insta_voice.db import Connection, Database, Queries
from insta_voice.errors import ConflictError, DBDriverError
from insta_voice.telemetry import describe_exception

QUERIES: Final = Queries.load("insta_voice.knowledge.web", "schedule.sql")
BEAT_S: Final = 5.0  # as a job worker's: one small write, and what the list shows is no older
# Twelve beats: a database that is away for a moment lets nobody read a site beside who reads it. Whoever was killed is
# found out by the queue after half of that (jobs/app.py).
CLAIMED_FOR: Final = timedelta(seconds=60)

_LOG = logging.getLogger(__name__)


class ClaimLostError(ConflictError):
    """The source was removed, changed or claimed by another reading meanwhile: this one has stopped."""


class Claim:
    """The claim of `url` that was made at `claimed_at`, which stays the same however long it is kept. `note` is told
    how far the reading is.
    """

    def __init__(self, db: Database, url: str, claimed_at: datetime) -> None:
        self._db = db
        self._row = {"url": url, "claimed": claimed_at, "pause": CLAIMED_FOR}
        self._pages: tuple[int | None, int | None] = (None, None)

    def note(self, done: int, total: int) -> None:
        """How many pages were looked at, of how many that are known of; written down with the next beat."""
        self._pages = (done, total)

    async def hold(self, connection: Connection) -> None:
        """Let nobody take the claim before this transaction's end. ClaimLostError when somebody has."""
        held = await connection.execute(QUERIES["hold_claim"], self._row)
        if await held.fetchone() is None:
            raise ClaimLostError

    @asynccontextmanager
    async def kept(self, beat_s: float = BEAT_S) -> AsyncIterator[None]:
        """Keep the claim for as long as this is open."""
        beating = asyncio.create_task(self._keep(beat_s), name="keep the claim of a source")
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.wait([beating])

    async def _keep(self, beat_s: float) -> None:
        while True:
            await asyncio.sleep(beat_s)
            done, total = self._pages
            try:
                async with self._db.as_service() as connection:
                    await connection.execute(QUERIES["keep_claim"], {**self._row, "done": done, "total": total})
            except DBDriverError as error:  # the reading itself gives up, or the next beat is in time
                _LOG.warning("the claim of a source was not kept: %s", describe_exception(error))
