"""Drafts: versions that nobody hears, one of an article at a time, until somebody publishes it."""

from dataclasses import replace
from typing import Final

from insta_voice.command import command
from insta_voice.db import Connection, Database
from insta_voice.errors import ConflictError, InvalidInputError, NotFoundError
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.indexes import lock_indexes
from insta_voice.knowledge.versions.history import Version, VersionText, read_version, version_of
from insta_voice.knowledge.versions.writing import QUERIES, NextVersion, Writing, next_version, put_version

NOT_WRITTEN: Final = "Nothing is written yet."
"""The text of a draft that waits for its author: an article has to have one. `as_file` leaves it out."""


async def begin_article(db: Database, document: Document, *, written_by: str) -> Version:
    """Have an article that is still to be written wait as a draft, with NOT_WRITTEN in the place of its text. Where one
    of this external id waits or is published already, nothing is done. The version that is there now.
    """
    assert document.external_id is not None, "what it is to be called"
    async with db.as_service() as connection:
        await lock_indexes(connection)
        try:
            known = (await read_version(connection, document.external_id)).version
        except NotFoundError:
            known = None
        if known is not None and (known.draft is not None or known.published is not None):
            return known
        version = await next_version(connection, document.external_id)
        return await _put(connection, version, replace(document, content=NOT_WRITTEN), Writing("draft", written_by))


async def draft_article(db: Database, document: Document, *, written_by: str, made_from: int | None = None) -> Version:
    """Have `document` wait to be published; what is published of the article is heard until then.

    The article is that of its external id, or a new one. `made_from` is the version that its writer changed, by default
    what is published now; NotFoundError when there never was such a version. The draft before it only stays in the
    history.
    """
    async with db.as_service() as connection:
        await lock_indexes(connection)
        version = await next_version(connection, document.external_id)
        base = version.published
        if made_from is not None:
            name = document.external_id or version.article_id
            base = _published_under(await read_version(connection, name, made_from))
        return await _put(connection, version, document, Writing("draft", written_by, base))


async def _put(connection: Connection, version: NextVersion, document: Document, writing: Writing) -> Version:
    await put_version(connection, version, document, writing)
    written = {"article_id": version.article_id, "version": version.number}
    await connection.execute(QUERIES["put_draft"], written)
    return (await read_version(connection, version.article_id, version.number)).version


def _published_under(text: VersionText) -> int | None:
    """What was published when this text was written: of a draft that is drafted again, what that was made of."""
    return text.version.made_from if text.version.reason == "draft" else text.version.version


async def list_drafts(db: Database) -> list[Version]:
    """Every draft that waits, the newest first."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(QUERIES["list_drafts"])).fetchall()
    return [version_of(row) for row in rows]


async def discard_draft(db: Database, name: str) -> Version:
    """Have the draft of this article wait no more; which it was. It stays in the history. NotFoundError without one."""
    async with db.as_service() as connection:
        await lock_indexes(connection)
        draft = (await find_draft(connection, name)).version
        await connection.execute(QUERIES["drop_draft"], {"article_id": draft.article_id})
    return draft


async def find_draft(connection: Connection, name: str) -> VersionText:
    """The draft of this article that waits. NotFoundError where there is none."""
    known = (await read_version(connection, name)).version
    if known.draft is None:
        raise NotFoundError(f"There is no draft of {name}. `{command('kb drafts')}` shows those there are.")
    return await read_version(connection, known.article_id, known.draft)


def require_written(name: str, document: Document) -> None:
    """InvalidInputError when nobody has written the text that a draft waits for."""
    if document.content.strip() == NOT_WRITTEN:
        raise InvalidInputError(
            f"Nothing is written in {name} yet: write the text under what `{command('kb show', name)}` prints, and keep"
            f" that with `{command('kb draft FILE')}`."
        )


def require_current(draft: Version) -> None:
    """ConflictError when it was made of anything but what is published now: that would be undone unseen."""
    if draft.is_current:
        return
    made_of = f"version {draft.made_from} of {draft.name}" if draft.made_from else f"no published text of {draft.name}"
    if draft.published is None:
        raise ConflictError(
            f"This draft was made of {made_of}, and the article was taken out. To publish it all the same, draft it"
            " again without the version in its front matter."
        )
    raise ConflictError(
        f"This draft was made of {made_of}, and version {draft.published} is published now. Look at that with"
        f" `{command('kb show', draft.name)}`, then draft the text again with that version in its front matter."
    )
