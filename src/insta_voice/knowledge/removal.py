"""Taking articles out of the knowledge base: one by one, or all that a source brought."""

from collections.abc import Sequence

from insta_voice.command import command
from insta_voice.db import Database, Queries
from insta_voice.errors import NotFoundError

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")


async def remove_articles(db: Database, article_ids: Sequence[str]) -> None:
    """Remove these articles, all of them or none. NotFoundError names the first that is not there."""
    async with db.as_service() as connection:
        found = await connection.execute(_QUERIES["remove_articles"], {"ids": list(article_ids)})
        removed = {row["article_id"] for row in await found.fetchall()}
        for article_id in article_ids:
            if article_id not in removed:
                raise NotFoundError(f"There is no article {article_id}. `{command('kb list')}` shows those there are.")


async def remove_source(db: Database, source: str) -> int:
    """Remove every article of `source`, a directory or an address of the web; how many."""
    async with db.as_service() as connection:
        removed = await connection.execute(_QUERIES["remove_source"], {"source": source})
    return removed.rowcount
