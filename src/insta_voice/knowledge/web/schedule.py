"""Sources that are read again by themselves: the list of them, and the reading of one that is due."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError, NotFoundError
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.removal import remove_source
from insta_voice.knowledge.report import Progress, Report
from insta_voice.knowledge.web.claims import BEAT_S, CLAIMED_FOR, QUERIES, Claim, ClaimLostError
from insta_voice.knowledge.web.ingestion import ingest_web
from insta_voice.knowledge.web.source import Bounds, WebSource
from insta_voice.knowledge.web.visiting import Visitor

# When our database or model was away, or a defect of ours came to light.
_TRY_AGAIN_AFTER: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Reading:
    """How many pages were looked at, and of how many that are known of: a crawl finds more on its way."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ScheduledSource:
    """A source, how often it is read, and what its last reading did: `report` as Report's fields, `trouble` why there
    was none. `claimed_at` is the mark of a reading that has begun, `reading` how far that is while it goes on.
    """

    source: WebSource
    refresh_every: timedelta
    due_at: datetime
    read_at: datetime | None
    report: dict[str, Any] | None
    trouble: str | None
    claimed_at: datetime | None
    reading: Reading | None


async def list_scheduled(db: Database) -> list[ScheduledSource]:
    """Every source of the list, by address."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(QUERIES["list_sources"])).fetchall()
    return [_scheduled(row) for row in rows]


async def claim_source(db: Database, url: str) -> ScheduledSource:
    """Take a source of the list for a reading now; NotFoundError when it is not there."""
    if (claimed := await _claim(db, "claim_source", url)) is None:
        raise _missing(url)
    return claimed


async def claim_due_source(db: Database) -> ScheduledSource | None:
    """Take the source that has been due for the longest time. Whatever becomes of its reading, the next claim is of
    another that is due.
    """
    return await _claim(db, "claim_due_source")


async def schedule(db: Database, source: WebSource, refresh_every: timedelta) -> None:
    """Put a source on the list, due at once; one that is there is read as `source` says from now on."""
    async with db.as_service() as connection:
        await connection.execute(QUERIES["put_source"], {**_row(source), "refresh_every": refresh_every})


async def unschedule(db: Database, url: str) -> int:
    """Take a source off the list, and its articles out; how many. NotFoundError when it is not there."""
    async with db.as_service() as connection:
        removed = await connection.execute(QUERIES["remove_source"], {"url": url})
    if not removed.rowcount:
        alone = command("kb remove --from", url)
        raise NotFoundError(f"{url} is not on the list. What `kb ingest` brought from there, `{alone}` takes out.")
    return await remove_source(db, url)


async def refresh(
    db: Database,
    embedder: Embedder,
    claimed: ScheduledSource,
    visitor: Visitor,
    *,
    progress: Progress | None = None,
    beat_s: float = BEAT_S,
) -> Report:
    """Read a source that was claimed, and note how far that is, what it did, or why it could not be.

    Whoever loses the claim stores nothing from then on: ClaimLostError. Whoever is killed meanwhile loses it within
    CLAIMED_FOR, and who comes next goes on: what was stored is asked whether it has changed.
    """
    assert claimed.claimed_at is not None, "claim_source or claim_due_source gave it"
    claim = Claim(db, claimed.source.url, claimed.claimed_at)

    def show(done: int, total: int, name: str) -> None:
        claim.note(done, total)
        if progress is not None:
            progress(done, total, name)

    try:
        async with claim.kept(beat_s):
            report = await ingest_web(db, embedder, claimed.source, visitor, progress=show, claim=claim.hold)
        await _note(db, claimed, "note_report", {"report": json.dumps(asdict(report))})
    except ClaimLostError:
        raise  # whoever took it says what becomes of the source
    except Exception as error:
        trouble = error.message if isinstance(error, InstaVoiceError) else InstaVoiceError().message
        await _note(db, claimed, "note_trouble", {"trouble": trouble, "pause": _TRY_AGAIN_AFTER})
        raise
    return report


async def _claim(db: Database, query: str, url: str | None = None) -> ScheduledSource | None:
    async with db.as_service() as connection:
        found = await connection.execute(QUERIES[query], {"url": url, "pause": CLAIMED_FOR})
        row = await found.fetchone()
    return _scheduled(row) if row else None


async def _note(db: Database, claimed: ScheduledSource, query: str, outcome: Mapping[str, object]) -> None:
    """Note the outcome of a reading, unless the source was taken off the list meanwhile."""
    values = {"url": claimed.source.url, "claimed": claimed.claimed_at, **outcome}
    async with db.as_service() as connection:
        await connection.execute(QUERIES[query], values)


def _missing(url: str) -> NotFoundError:
    return NotFoundError(f"{url} is not on the list. `{command('kb sources list')}` shows what is.")


def _row(source: WebSource) -> dict[str, Any]:
    return {
        "url": source.url,
        "kind": source.kind,
        "include": list(source.bounds.include),
        "exclude": list(source.bounds.exclude),
        "depth": source.bounds.depth,
        "max_pages": source.bounds.max_pages,
        "audience": list(source.audience),
    }


def _scheduled(row: dict[str, Any]) -> ScheduledSource:
    bounds = Bounds(tuple(row["include"]), tuple(row["exclude"]), row["depth"], row["max_pages"])
    return ScheduledSource(
        WebSource(row["url"], row["kind"], bounds, tuple(row["audience"])),
        row["refresh_every"],
        row["due_at"],
        row["read_at"],
        row["report"],
        row["trouble"],
        row["claimed_at"],
        Reading(row["pages_done"], row["pages_total"]) if row["is_being_read"] and row["pages_total"] else None,
    )
