"""What puts another text in the place of the published one. Its vectors are made first, then one transaction swaps the
two: until its end the old text answers, from then on the new one.
"""

import asyncio

from insta_voice.db import Connection, Database
from insta_voice.errors import ConflictError, InvalidInputError
from insta_voice.knowledge.chunks import Chunk, make_chunks
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.store import Store
from insta_voice.knowledge.versions.drafts import find_draft, require_current, require_written
from insta_voice.knowledge.versions.history import Version, get_version
from insta_voice.knowledge.versions.writing import QUERIES, Claim, Origin, Writing, unclaimed


async def publish(db: Database, embedder: Embedder, name: str, *, written_by: str) -> Version:
    """Publish the draft of this article as its next version. NotFoundError where there is none; ConflictError when
    another version was published since it was made, or another draft takes its place meanwhile; InvalidInputError when
    nothing is written in it.
    """
    async with db.as_service() as connection:
        draft = await find_draft(connection, name)
    require_written(name, draft.document)
    require_current(draft.version)  # before its vectors are made, and again when they are

    async def claim(connection: Connection) -> None:
        now = (await find_draft(connection, name)).version
        if now.version != draft.version.version:
            raise ConflictError(f"Another draft of {name} has taken the place of this one: look at that first.")
        require_current(now)
        await connection.execute(QUERIES["drop_draft"], {"article_id": now.article_id})

    writing = Writing("edit", written_by, made_from=draft.version.version)
    return await _replace(db, embedder, draft.version.article_id, draft.document, writing, claim)


async def restore_version(db: Database, embedder: Embedder, name: str, number: int, *, written_by: str) -> Version:
    """Publish what a version said as the article's next one, whatever is published now, and also where the article was
    taken out. NotFoundError where there is no such version; InvalidInputError when it is the published one, or nothing
    is written in it.
    """
    wanted = await get_version(db, name, number)
    require_written(name, wanted.document)
    if wanted.version.state == "published":
        raise InvalidInputError(f"Version {number} of {name} is the published one.")
    writing = Writing("restore", written_by, made_from=number)
    return await _replace(db, embedder, wanted.version.article_id, wanted.document, writing, unclaimed)


async def _replace(
    db: Database, embedder: Embedder, article_id: str, document: Document, writing: Writing, claim: Claim
) -> Version:
    store = Store(db, embedder)
    await store.prepare()
    chunks = await asyncio.to_thread(_chunks, document)
    return await store.put(document, chunks, Origin(), writing, article_id=article_id, claim=claim)


def _chunks(document: Document) -> list[Chunk]:
    try:
        return make_chunks(document.title, document.content)
    except (RecursionError, ValueError) as error:
        raise InvalidInputError("The text cannot be read as Markdown.") from error
