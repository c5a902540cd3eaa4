"""`kb list`: which articles there are."""

import asyncio
from dataclasses import asdict
from datetime import date

from insta_voice.cli.database import open_database
from insta_voice.cli.kb.common import AsJson
from insta_voice.cli.printing import print_rows, to_json
from insta_voice.knowledge import ListedArticle, list_articles
from insta_voice.knowledge.validity import today


def list_command(as_json: AsJson = False) -> None:
    """Every article, by title, and why nobody hears one: a table on a terminal, lines with tabs for a program.

    Example: insta-voice kb list
    """
    articles = asyncio.run(_list())
    if as_json:
        print(to_json([asdict(article) for article in articles], indent=None))
        return
    day = today()
    unheard = any(article.unheard_on(day) for article in articles)
    columns = ("id", "title", "audience", "version", "updated", *(["not heard"] if unheard else []))
    rows = [_cells(article, day)[: len(columns)] for article in articles]
    print_rows(columns, rows, whole=["id"], for_people=["updated"])


def _cells(article: ListedArticle, day: date) -> tuple[str, ...]:
    audience, updated = ",".join(article.audience), f"{article.updated_at:%Y-%m-%d}"
    return article.article_id, article.title, audience, str(article.version), updated, article.unheard_on(day)


async def _list() -> list[ListedArticle]:
    async with open_database() as db:
        return await list_articles(db)
