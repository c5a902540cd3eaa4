"""What is known of pages that were read before, in the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from insta_voice.db import Database, Queries
from insta_voice.extraction import READERS_VERSION
from insta_voice.knowledge.chunks import CHUNKER_VERSION
from insta_voice.knowledge.versions.writing import Claim
from insta_voice.knowledge.web.visiting import Validators

_QUERIES = Queries.load("insta_voice.knowledge.web", "pages.sql")
_READER: Final = f"{READERS_VERSION} {CHUNKER_VERSION}"


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page whose articles are as they were read from it."""

    validators: Validators = field(default_factory=Validators)
    links: tuple[str, ...] = ()


class Pages:
    """The pages that articles came from, read for one audience. Nothing is written once `claim` raises."""

    def __init__(self, db: Database, audience: tuple[str, ...], claim: Claim) -> None:
        self._db = db
        self._claim = claim
        self._reader = f"{_READER} for {','.join(audience)}"

    async def known(self, url: str) -> KnownPage:
        """What is known of a page; nothing when it must be read whatever its server says."""
        async with self._db.as_service() as connection:
            found = await connection.execute(_QUERIES["known_page"], {"url": url, "reader": self._reader})
            row = await found.fetchone()
        if row is None:
            return KnownPage()
        return KnownPage(Validators(row["etag"], row["last_modified"]), tuple(row["links"]))

    async def articles(self, url: str) -> list[str]:
        """The external ids of the articles that a page brought."""
        async with self._db.as_service() as connection:
            rows = await (await connection.execute(_QUERIES["articles_of_page"], {"url": url})).fetchall()
        return [row["external_id"] for row in rows]

    async def of_source(self, source: str) -> list[str]:
        """The pages that a source's articles came from."""
        async with self._db.as_service() as connection:
            rows = await (await connection.execute(_QUERIES["pages_of_source"], {"source": source})).fetchall()
        return [row["url"] for row in rows]

    async def put(self, url: str, validators: Validators, links: Sequence[str], *, articles: Sequence[str]) -> int:
        """Note that a page was read and holds these articles; how many others it held before and are removed."""
        page = {
            "url": url,
            "reader": self._reader,
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "links": list(links),
        }
        async with self._db.as_service() as connection:
            await self._claim(connection)
            others = {"url": url, "present": list(articles)}
            removed = await connection.execute(_QUERIES["remove_others_of_page"], others)
            await connection.execute(_QUERIES["put_page"], page)
        return removed.rowcount

    async def leave(self, url: str, *, to: str) -> int:
        """Remove what a page brought that is an article of another address by now; how many articles."""
        async with self._db.as_service() as connection:
            await self._claim(connection)
            removed = await connection.execute(_QUERIES["leave_page"], {"url": url, "article": to})
        return removed.rowcount

    async def remove(self, urls: Iterable[str]) -> int:
        """Remove what these pages brought; how many articles."""
        async with self._db.as_service() as connection:
            await self._claim(connection)
            removed = await connection.execute(_QUERIES["remove_pages"], {"urls": list(urls)})
        return removed.rowcount
