"""The knowledge base under the names its users know: query, embed, store, and show one article."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain, islice, zip_longest
from typing import Any
from uuid import UUID

from insta_voice.db import Database, Queries, current_database
from insta_voice.errors import NotFoundError
from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.documents import checked_document
from insta_voice.knowledge.embedding import Embedder, current_embedder
from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.reading import passages_to_read
from insta_voice.knowledge.retrieval import judge
from insta_voice.knowledge.search import search
from insta_voice.knowledge.store import Store
from insta_voice.knowledge.versions.writing import Origin, Writing

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")


@dataclass(frozen=True, slots=True)
class Article:
    """A whole article, `markdown` as it was written. `url` is the company's own page, if it has one."""

    article_id: str
    external_id: str | None
    title: str
    markdown: str
    url: str | None
    version: int
    updated_at: datetime


async def query_knowledge_base(
    query: str,
    *,
    user_id: str | None = None,
    limit: int = 5,
    db: Database | None = None,
    embedder: Embedder | None = None,
) -> list[dict[str, Any]]:
    """The passages that answer `query` best, as dictionaries with the fields of Passage: what a call would read,
    whether it would answer or not. Of a query with several questions, the best of each come first.

    Among what `user_id` may hear; without a user, among what everyone may. EmbeddingError when no model answers.
    """
    db, embedder = db or current_database(), embedder or current_embedder()
    found = [one.hits for one in await judge(db, embedder, query, user_id=user_id, match_count=limit)]
    if not any(found):  # a word or two that ask nothing, which a program may still look for
        found = [tuple(hits) for hits in await search(db, embedder, [query], user_id=user_id, match_count=limit)]
    passages: dict[int, Passage] = {}
    for passage in chain.from_iterable(zip_longest(*(passages_to_read(hits, limit) for hits in found))):
        if passage is not None:
            passages.setdefault(passage.chunk_id, passage)
    return [asdict(passage) for passage in islice(passages.values(), limit)]


async def generate_embedding(text: str, *, embedder: Embedder | None = None) -> list[float]:
    """The vector of a text, of length 1. EmbeddingError when the model is away."""
    return (await (embedder or current_embedder()).embed([text]))[0]


async def store_knowledge_base_article(
    title: str,
    content: str,
    *,
    external_id: str | None = None,
    url: str | None = None,
    audience: Sequence[str] = ("everyone",),
    db: Database | None = None,
    embedder: Embedder | None = None,
) -> str:
    """Store an article of Markdown and return its id; storing the same again changes nothing.

    With an external id the article of that id is replaced. InvalidInputError names a field that cannot be taken.
    """
    fields = {"id": external_id, "title": title, "text": content, "url": url, "audience": list(audience)}
    document = checked_document(fields)
    store = Store(db or current_database(), embedder or current_embedder())
    await store.prepare()
    if external_id is not None:
        known = (await store.known([external_id])).get(external_id)
        if known is not None and known.content_hash == document.fingerprint():
            await store.keep(known, known.origin, known.read_hash)
            return known.id
    else:
        same = await store.find_by_content(document.fingerprint())
        if same is not None:
            return same
    writing = Writing("edit", "store_knowledge_base_article")
    chunks = await asyncio.to_thread(make_chunks, document.title, document.content)
    return (await store.put(document, chunks, Origin(), writing)).article_id


async def get_article(db: Database, article_id: str, user_id: str) -> Article:
    """One article, if this user may see it; NotFoundError otherwise, whatever the reason."""
    try:
        wanted = UUID(article_id)
    except ValueError as error:
        raise NotFoundError from error
    async with db.as_user(user_id) as connection:
        found = await connection.execute(_QUERIES["caller_article"], {"article_id": wanted})
        row = await found.fetchone()
    if row is None:
        raise NotFoundError
    return Article(
        article_id=str(row["id"]),
        external_id=row["external_id"],
        title=row["title"],
        markdown=row["content"],
        url=row["url"],
        version=row["version"],
        updated_at=row["updated_at"],
    )
