"""Taking articles out of the knowledge base: one by one, or all that came from one place."""

import os
from collections.abc import Sequence
from pathlib import Path

from insta_voice.command import command
from insta_voice.db import Connection, Database, Queries
from insta_voice.errors import NotFoundError
from insta_voice.knowledge.report import storable

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")


async def remove_articles(db: Database, article_ids: Sequence[str]) -> None:
    """Remove these articles, all of them or none. NotFoundError names the first that is not there."""
    async with db.as_service() as connection:
        removed = await _remove(connection, article_ids)
        for article_id in article_ids:
            if article_id not in removed:
                raise NotFoundError(f"There is no article {article_id}. `{command('kb list')}` shows those there are.")


async def remove_source(db: Database, source: str) -> int:
    """Remove every article of `source`, a directory or an address of the web; how many."""
    async with db.as_service() as connection:
        removed = await connection.execute(_QUERIES["remove_source"], {"source": source})
    return removed.rowcount


async def list_from(db: Database, place: Path | str) -> list[str]:
    """The ids of the articles that came from `place`, which may be gone: a directory with all that is in it, a file, or
    the address of a page, a sitemap or a crawl.
    """
    async with db.as_service() as connection:
        return await _list_from(connection, place)


async def remove_from(db: Database, place: Path | str) -> int:
    """Remove the articles that came from `place`, as list_from has them; how many. NotFoundError for none."""
    async with db.as_service() as connection:
        removed = await _remove(connection, await _list_from(connection, place))
    if not removed:
        listed = command("kb list --json")
        raise NotFoundError(f"No article came from {_whole(place)}. `{listed}` says where each came from.")
    return len(removed)


async def _list_from(connection: Connection, place: Path | str) -> list[str]:
    if isinstance(place, str):
        return await _at(connection, place, None)
    # A link in a directory has an article of its own.
    itself = storable(str(place.parent.resolve() / place.name))
    return await _at(connection, itself, itself) or await _at(connection, _whole(place), _whole(place))


async def _at(connection: Connection, place: str, directory: str | None) -> list[str]:
    within = None if directory is None else os.path.join(directory, "")
    found = await connection.execute(_QUERIES["list_from"], {"place": place, "within": within})
    return [row["article_id"] for row in await found.fetchall()]


def _whole(place: Path | str) -> str:
    return storable(str(place.resolve())) if isinstance(place, Path) else place


async def _remove(connection: Connection, article_ids: Sequence[str]) -> set[str]:
    """Which of these there were."""
    found = await connection.execute(_QUERIES["remove_articles"], {"ids": list(article_ids)})
    return {row["article_id"] for row in await found.fetchall()}
