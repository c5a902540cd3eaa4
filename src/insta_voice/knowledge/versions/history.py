"""What an article said, version by version, and what it says now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from insta_voice.command import command
from insta_voice.db import Connection, Database
from insta_voice.errors import NotFoundError
from insta_voice.knowledge.documents import Document, checked_document
from insta_voice.knowledge.validity import unheard_on
from insta_voice.knowledge.versions.writing import QUERIES, Reason, ids_of


@dataclass(frozen=True, slots=True)
class Version:
    """A version without its text. `published` and `draft` are the numbers of its article's versions that are heard, and
    that wait to be; None for none. `made_from`: see Writing; `valid_from` and `valid_until`: see Document.
    """

    article_id: str
    external_id: str | None
    version: int
    title: str
    reason: Reason
    made_from: int | None
    written_by: str
    written_at: datetime
    published: int | None
    draft: int | None
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def name(self) -> str:
        """What the article is called by commands."""
        return self.external_id or self.article_id

    @property
    def is_current(self) -> bool:
        """Of a draft: whether what it was made from is still what is published."""
        return self.made_from == self.published

    @property
    def state(self) -> Literal["published", "draft", "past"]:
        """Whether it is heard, waits to be, or is history."""
        if self.version == self.published:
            return "published"
        return "draft" if self.version == self.draft else "past"

    def unheard_on(self, day: date) -> str:
        """Of what is published or waits to be: why callers do not hear it on `day`, as in validity.py."""
        return "" if self.state == "past" else unheard_on(day, self.valid_from, self.valid_until)


@dataclass(frozen=True, slots=True)
class VersionText:
    """A version with what it says."""

    version: Version
    document: Document


async def list_versions(db: Database, name: str) -> list[Version]:
    """Every version of the article of this id, external or not, the newest first. NotFoundError where there is none."""
    async with db.as_service() as connection:
        found = await connection.execute(QUERIES["list_versions"], ids_of(name))
        versions = [version_of(row) for row in await found.fetchall()]
    if not versions:
        raise NotFoundError(f"There is no article {name}. `{command('kb list')}` shows those there are.")
    return versions


async def get_version(db: Database, name: str, number: int | None = None) -> VersionText:
    """A version of the article of this id; without a number the published one, else the draft, else the last there was.

    NotFoundError where there is none.
    """
    async with db.as_service() as connection:
        return await read_version(connection, name, number)


async def read_version(connection: Connection, name: str, number: int | None = None) -> VersionText:
    """The same, in a transaction."""
    found = await connection.execute(QUERIES["read_version"], {**ids_of(name), "version": number})
    row = await found.fetchone()
    if row is not None:
        return VersionText(version_of(row), checked_document(row["document"]))
    if number is None:
        raise NotFoundError(f"There is no article {name}. `{command('kb list')}` shows those there are.")
    raise NotFoundError(
        f"There is no version {number} of {name}. `{command('kb history', name)}` shows those there are."
    )


def version_of(row: Mapping[str, Any]) -> Version:
    """A row of versions.sql."""
    facts = {name: value for name, value in row.items() if name not in ("document", "article_id")}
    return Version(article_id=str(row["article_id"]), **facts)
