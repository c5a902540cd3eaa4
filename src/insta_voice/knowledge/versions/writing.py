"""A version, written down: which number it has, why it is written, and what lets it be."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from insta_voice.db import Connection, Queries
from insta_voice.knowledge.documents import Document

QUERIES = Queries.load("insta_voice.knowledge.versions", "versions.sql")

Reason = Literal["ingest", "edit", "restore", "draft"]

Claim = Callable[[Connection], Awaitable[None]]
"""Looks, in the transaction that writes, whether the version may still be written, and raises when it may not."""


@dataclass(frozen=True, slots=True)
class Writing:
    """`written_by` is the part of the program, nobody's name. `made_from`: of a draft the version that was published
    then, of an edit its draft, of a restoration the version that came back.
    """

    reason: Reason
    written_by: str
    made_from: int | None = None


READ_FROM_A_FILE = Writing("ingest", "kb ingest")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article was read: `source` is the directory or the address asked for, None for a single file or none at
    all; `path` is the file's in the directory, the whole one of a single file, or the address of the page. `file_hash`
    is that of a file which holds one article and takes a parser.
    """

    source: str | None = None
    path: str | None = None
    file_hash: str | None = None

    @property
    def place(self) -> str | None:
        """The file's whole path, or the page's address; None where that is not known."""
        if self.source is None or self.path is None or "://" in self.source:
            # Of a single file only its name was kept once.
            return self.path if self.path is None or self.path.startswith("/") or "://" in self.path else None
        return f"{self.source}/{self.path}"

    def is_elsewhere(self, other: "Origin") -> bool:
        """Whether both are known, and neither the same place nor brought by the same directory or source."""
        if self.place is None or other.place is None or self.place == other.place:
            return False
        return self.source is None or self.source != other.source


@dataclass(frozen=True, slots=True)
class NextVersion:
    """Where a version is written to. `published` is the version that is published now, None for none."""

    article_id: str
    number: int
    published: int | None


def ids_of(name: str | None) -> dict[str, Any]:
    """What an article is called by: an external id looks like anything, the other like a UUID."""
    try:
        return {"external_id": name, "article_id": UUID(name)}
    except (TypeError, ValueError):
        return {"external_id": name, "article_id": None}


async def next_version(connection: Connection, name: str | None) -> NextVersion:
    """The next version of the article of this id, which may be gone; the first of a new one where there is none.

    Only under the lock of lock_indexes: two writers would get the same number.
    """
    row = await (await connection.execute(QUERIES["next_version"], ids_of(name))).fetchone()
    assert row is not None, "one row, always"
    return NextVersion(str(row["article_id"]), row["number"], row["published"])


async def publish_version(
    connection: Connection, version: NextVersion, document: Document, origin: Origin, writing: Writing
) -> None:
    """Have the article say what `document` does, and write that down. Its passages are the caller's to replace."""
    article = {
        "article_id": version.article_id,
        "version": version.number,
        "external_id": document.external_id,
        "source": origin.source,
        "source_path": origin.path,
        "file_hash": origin.file_hash,
        "title": document.title,
        "url": document.url,
        "language": document.language,
        "audience": list(document.audience),
        "labels": list(document.labels),
        "product": document.product,
        "valid_from": document.valid_from,
        "valid_until": document.valid_until,
        "content": document.content,
        "content_hash": document.fingerprint(),
        "read_hash": document.digest() if writing.reason == "ingest" else None,
        "updated_at": document.updated_at,
    }
    await connection.execute(QUERIES["put_article"], article)
    await put_version(connection, version, document, writing)


async def put_version(connection: Connection, version: NextVersion, document: Document, writing: Writing) -> None:
    """Write a version down."""
    await connection.execute(
        QUERIES["put_version"],
        {
            "article_id": version.article_id,
            "version": version.number,
            "external_id": document.external_id,
            "document": json.dumps(document.fields()),
            "reason": writing.reason,
            "made_from": writing.made_from,
            "written_by": writing.written_by,
        },
    )


async def unclaimed(_: Connection) -> None:
    """Whoever comes last has the word."""
