"""Documents into the database: idempotent, one transaction an article, and one bad document stops no other."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from insta_voice.db import Database
from insta_voice.errors import DBDriverError, EmbeddingError, InvalidInputError
from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.sources import Read, read_all
from insta_voice.knowledge.store import KnownArticle, Origin, Store

_LOG = logging.getLogger(__name__)
# When this many documents in a row fail because a service is away, the rest would too, each after its timeout.
_OUTAGE_AFTER = 3

Progress = Callable[[int, int, str], None]  # done, total, what is next


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that was not taken; what was stored of it before is as it was."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingestion did, in articles."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[Failure, ...] = ()


async def ingest(
    db: Database, embedder: Embedder, paths: Sequence[Path | str], *, progress: Progress | None = None
) -> Report:
    """Make the stored articles what the files say. Files and directories of Markdown and JSONL.

    Unchanged documents cost nothing. A directory also takes away what it brought and no longer has; a directory in
    which nothing is readable takes nothing away, because that is a missing mount far more often than a wish.
    """
    run = _Ingestion(Store(db, embedder), progress or (lambda done, total, name: None))
    return await run.of(read_all([Path(path) for path in paths]))


class _Ingestion:
    def __init__(self, store: Store, progress: Progress) -> None:
        self._store = store
        self._progress = progress
        self._counts = {"added": 0, "changed": 0, "unchanged": 0}
        self._failed: list[Failure] = []
        self._in_a_row = 0

    async def of(self, reads: list[Read]) -> Report:
        good = self._without_duplicates(reads)
        known = await self._store.known([_id_of(read) for read in good])
        for done, read in enumerate(good):
            self._progress(done, len(good), read.place)
            await self._take(read, known)
        self._progress(len(good), len(good), "")
        removed = await self._remove_gone(reads, good)
        return Report(**self._counts, removed=removed, failed=tuple(self._failed))

    def _without_duplicates(self, reads: list[Read]) -> list[Read]:
        first: dict[str, str] = {}
        good = []
        for read in reads:
            if read.document is None:
                self._failed.append(Failure(read.place, read.reason))
                continue
            identifier = _id_of(read)
            if identifier in first:
                reason = f"The id {identifier} is already used by {first[identifier]}."
                self._failed.append(Failure(read.place, reason))
                continue
            first[identifier] = read.place
            good.append(read)
        return good

    async def _take(self, read: Read, known: dict[str, KnownArticle]) -> None:
        document = read.document
        assert document is not None
        before = known.get(_id_of(read))
        origin = _origin_of(read, before)
        try:
            if before is not None and before.content_hash == document.fingerprint():
                await self._store.keep(before, origin)
                self._counts["unchanged"] += 1
            else:
                chunks = make_chunks(document.title, document.content)
                await self._store.put(document, chunks, origin)
                self._counts["added" if before is None else "changed"] += 1
        except (DBDriverError, EmbeddingError) as error:
            _LOG.warning("article not stored: %s %s", error.code, error.detail)
            self._in_a_row += 1
            if self._in_a_row == _OUTAGE_AFTER:
                raise
            self._failed.append(Failure(read.place, error.message))
        except (InvalidInputError, RecursionError, ValueError) as error:
            reason = error.message if isinstance(error, InvalidInputError) else "The text cannot be read as Markdown."
            self._failed.append(Failure(read.place, reason))
        else:
            self._in_a_row = 0

    async def _remove_gone(self, reads: list[Read], good: list[Read]) -> int:
        removed = 0
        for source in sorted({read.source for read in good if read.source is not None}):
            present = [_id_of(read) for read in good if read.source == source]
            failed_places = {failure.place for failure in self._failed}
            unreadable = [r.path for r in reads if r.source == source and r.place in failed_places]
            removed += await self._store.remove_gone(source, present, unreadable)
        return removed


def _origin_of(read: Read, before: KnownArticle | None) -> Origin:
    """A single file of the directory that brought its article stays that directory's; another makes it its own."""
    brought_by = before.origin.source if before else None
    if before and read.source is None and brought_by and read.file.resolve().is_relative_to(brought_by):
        return before.origin
    return Origin(read.source, read.path)


def _id_of(read: Read) -> str:
    """What the article is known by when it is read again: every document of a file has one."""
    assert read.document is not None
    assert read.document.external_id is not None
    return read.document.external_id
