"""Documents taken one by one, from wherever they come, with the count of what became of each."""

import asyncio
import logging

from insta_voice.errors import DataRefusedError, DBDriverError, EmbeddingError, InvalidInputError
from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.embedding import TextRefusedError
from insta_voice.knowledge.report import Failure, Report, TakenOver, storable
from insta_voice.knowledge.store import KnownArticle, Store
from insta_voice.knowledge.versions.writing import Claim, Origin, unclaimed

_LOG = logging.getLogger(__name__)
# When this many documents in a row fail because a service is away, the rest would too, each after its timeout.
_OUTAGE_AFTER = 3
# Whoever says this of a document is there, and says it again tomorrow.
_REFUSALS = (TextRefusedError, DataRefusedError)


class Taking:
    """One ingestion's documents on their way into the store. What `claim` raises in a transaction ends it."""

    def __init__(self, store: Store, claim: Claim = unclaimed) -> None:
        self.store = store
        self._claim = claim
        self.failed: list[Failure] = []
        self.missing: list[str] = []
        self._counts = {"added": 0, "changed": 0, "unchanged": 0}
        self._edits_kept: list[str] = []
        self._edits_replaced: list[str] = []
        self._taken_over: list[TakenOver] = []
        self._in_a_row = 0

    def fail(self, place: str, reason: str) -> None:
        """Note why there is no document at `place`."""
        self.failed.append(Failure(place, reason))

    async def take(self, document: Document, before: KnownArticle | None, origin: Origin, *, place: str) -> bool:
        """Store a document; whether it is stored now. The error itself when a service is away for good."""
        try:
            if before is not None and _stays(before, document):
                await self._keep(before, origin, document.digest())
                if before.content_hash != document.fingerprint():
                    self._edits_kept.append(_id_of(document))
            else:
                # In a thread: the longest takes seconds, and the heartbeat of the job does not wait for them.
                chunks = await asyncio.to_thread(make_chunks, document.title, document.content)
                await self.store.put(document, chunks, origin, claim=self._claim)
                self._counts["added" if before is None else "changed"] += 1
                if before is not None:
                    self._note_replaced(_id_of(document), before, origin)
        except (DBDriverError, EmbeddingError) as error:
            self._note_not_stored(error, place)
            return False
        except (InvalidInputError, RecursionError, ValueError) as error:
            self.fail(
                place,
                error.message if isinstance(error, InvalidInputError) else "The text cannot be read as Markdown.",
            )
            return False
        self._in_a_row = 0
        return True

    async def keep(self, article: KnownArticle, origin: Origin, *, place: str) -> None:
        """Note that an article is as it was, and give it the vectors it lacks."""
        try:
            await self._keep(article, origin, article.read_hash)
        except (DBDriverError, EmbeddingError) as error:
            self._note_not_stored(error, place)
        else:
            self._in_a_row = 0

    def report(self, *, removed: int) -> Report:
        """What became of everything."""
        return Report(
            added=self._counts["added"],
            changed=self._counts["changed"],
            unchanged=self._counts["unchanged"],
            removed=removed,
            failed=tuple(Failure(storable(one.place), storable(one.reason)) for one in self.failed),
            edits_kept=tuple(self._edits_kept),
            edits_replaced=tuple(self._edits_replaced),
            missing=tuple(map(storable, self.missing)),
            taken_over=tuple(self._taken_over),
        )

    def _note_replaced(self, article_id: str, before: KnownArticle, origin: Origin) -> None:
        if before.edited:
            self._edits_replaced.append(article_id)
        if before.origin.place and origin.place and origin.is_elsewhere(before.origin):
            self._taken_over.append(TakenOver(article_id, before.origin.place, origin.place))

    async def _keep(self, article: KnownArticle, origin: Origin, read_hash: str | None) -> None:
        await self.store.keep(article, origin, read_hash, claim=self._claim)
        self._counts["unchanged"] += 1

    def _note_not_stored(self, error: DBDriverError | EmbeddingError, place: str) -> None:
        _LOG.warning("article not stored: %s %s", error.code, error.detail)
        if not isinstance(error, _REFUSALS):
            self._in_a_row += 1
            if self._in_a_row >= _OUTAGE_AFTER:  # also for who was at another document meanwhile
                raise error
        self.fail(place, error.message)


def _stays(before: KnownArticle, document: Document) -> bool:
    """What was edited here gives way to its file only when that has changed since it was last read."""
    if before.content_hash == document.fingerprint():
        return True
    return before.edited and before.read_hash == document.digest()


def _id_of(document: Document) -> str:
    """What a document that is read again is known by."""
    assert document.external_id is not None
    return document.external_id
