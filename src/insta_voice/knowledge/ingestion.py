"""Documents into the database: idempotent, one transaction an article, and one bad document stops no other."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.documents import EVERYONE
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.fields import audiences
from insta_voice.knowledge.removal import list_from
from insta_voice.knowledge.report import Progress, Report, storable
from insta_voice.knowledge.sources import Read, read_all
from insta_voice.knowledge.store import KnownArticle, Store
from insta_voice.knowledge.taking import Taking
from insta_voice.knowledge.versions.writing import Origin

# While one article is written, which takes the database a hundredth of a second, the next one's vectors are made, and
# no thread of the model waits for the last text of another. Two, as the model has threads: who is killed loses both.
_AT_ONCE = 2


async def ingest(
    db: Database,
    embedder: Embedder,
    paths: Sequence[Path | str],
    *,
    audience: Sequence[str] = EVERYONE,
    progress: Progress | None = None,
) -> Report:
    """Make the stored articles what the files say. Files and directories of them; `audience` may hear those articles
    that name nobody themselves.

    Unchanged documents cost nothing, and an article that was edited here stays until its file changes. A directory also
    takes away what it brought and no longer has; a directory in which nothing is readable takes nothing away, because
    that is a missing mount far more often than a wish. InvalidInputError for a path that is not there.
    """
    show = progress or (lambda done, total, name: None)
    files = [Path(path) for path in paths]
    await _require(db, files)
    store = Store(db, embedder)
    reads = await read_all(
        files, audiences(audience), lambda done, total, name: show(done, total, f"read {name}"), store.read_before
    )
    return await _Ingestion(Taking(store), show).of(reads)


async def _require(db: Database, paths: Sequence[Path]) -> None:
    """Refuse a path that is gone and has brought articles, and say how they are taken out; read_all refuses others."""
    for path in paths:
        if not await asyncio.to_thread(path.exists) and (left := await list_from(db, path)):
            raise InvalidInputError(
                f"There is nothing at {path}. Articles that came from there go on answering ({len(left)}): "
                f"`{command('kb remove --from', path)}` takes them out."
            )


class _Ingestion:
    def __init__(self, taking: Taking, progress: Progress) -> None:
        self._taking = taking
        self._store = taking.store
        self._progress = progress

    async def of(self, reads: list[Read]) -> Report:
        good = self._without_duplicates(reads)
        await self._store.prepare()
        known = await self._store.known([_id_of(read) for read in good])
        await self._take_all(good, known)
        await self._store.finish()
        return self._taking.report(removed=await self._remove_gone(reads, good))

    async def _take_all(self, good: list[Read], known: dict[str, KnownArticle]) -> None:
        """Some at once. What ends one of them ends all."""
        waiting = enumerate(good)

        async def take_the_next() -> None:
            for done, read in waiting:
                self._progress(done, len(good), read.place)
                await self._take(read, known)

        taking = [asyncio.create_task(take_the_next(), name=f"take documents {number}") for number in range(_AT_ONCE)]
        try:
            await asyncio.gather(*taking)
        finally:
            for task in taking:
                task.cancel()
            await asyncio.gather(*taking, return_exceptions=True)
        self._progress(len(good), len(good), "")

    def _without_duplicates(self, reads: list[Read]) -> list[Read]:
        first: dict[str, str] = {}
        good = []
        for read in reads:
            if read.document is None:
                self._taking.fail(read.place, read.reason)
                continue
            identifier = _id_of(read)
            if identifier in first:
                self._taking.fail(read.place, f"The id {identifier} is already used by {first[identifier]}.")
                continue
            first[identifier] = read.place
            good.append(read)
        return good

    async def _take(self, read: Read, known: dict[str, KnownArticle]) -> None:
        assert read.document is not None
        before = known.get(_id_of(read))
        await self._taking.take(read.document, before, _origin_of(read, before), place=read.place)

    async def _remove_gone(self, reads: list[Read], good: list[Read]) -> int:
        removed = 0
        for source in sorted({read.source for read in good if read.source is not None}):
            present = [_id_of(read) for read in good if read.source == source]
            failed_places = {failure.place for failure in self._taking.failed}
            unreadable = [r.path for r in reads if r.source == source and r.place in failed_places]
            removed += await self._store.remove_gone(source, present, unreadable)
        return removed


def _origin_of(read: Read, before: KnownArticle | None) -> Origin:
    """A single file of the directory that brought its article stays that directory's; another makes it its own, by its
    whole path.
    """
    brought_by = before.origin.source if before else None
    if before and read.source is None and brought_by and read.file.resolve().is_relative_to(brought_by):
        return replace(before.origin, file_hash=read.file_hash)
    return Origin(read.source, read.path if read.source else storable(str(read.file.resolve())), read.file_hash)


def _id_of(read: Read) -> str:
    """What the article is known by when it is read again: every document of a file has one."""
    assert read.document is not None
    assert read.document.external_id is not None
    return read.document.external_id
