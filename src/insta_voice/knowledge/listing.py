"""What is in the knowledge base, for operators."""

from dataclasses import dataclass
from datetime import date, datetime

from insta_voice.db import Database, Queries
from insta_voice.knowledge.validity import unheard_on

_QUERIES = Queries.load("insta_voice.knowledge", "queries.sql")


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article's facts without its text. `article_id` is the external id where there is one, `source` the directory,
    the file or the address that brought it, None for what was written here.
    """

    article_id: str
    title: str
    audience: tuple[str, ...]
    labels: tuple[str, ...]
    product: str | None
    valid_from: date | None
    valid_until: date | None
    status: str
    version: int
    chunks: int
    updated_at: datetime
    source: str | None = None

    def unheard_on(self, day: date) -> str:
        """Why nobody hears it on `day`: "not published", or as in validity.py; "" when it is heard."""
        return unheard_on(day, self.valid_from, self.valid_until) if self.status == "published" else "not published"


async def list_articles(db: Database) -> list[ListedArticle]:
    """Every article by title, whoever may hear it: for the service role's own work."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["list_articles"])).fetchall()
    return [
        ListedArticle(
            article_id=row["external_id"] or str(row["id"]),
            title=row["title"],
            audience=tuple(row["audience"]),
            labels=tuple(row["labels"]),
            product=row["product"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            status=row["status"],
            version=row["version"],
            chunks=row["chunks"],
            updated_at=row["updated_at"],
            source=row["source"],
        )
        for row in rows
    ]


async def list_source(db: Database, source: str) -> list[str]:
    """The ids of the articles that the directory `source` brought."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["list_source"], {"source": source})).fetchall()
    return [row["article_id"] for row in rows]
