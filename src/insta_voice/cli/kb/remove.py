"""`kb remove`: take articles out."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from insta_voice.cli.database import open_database
from insta_voice.cli.kb.addresses import is_address
from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import remove_articles, remove_from, remove_source
from insta_voice.knowledge.web import list_scheduled, page_address
from insta_voice.stack.demo_content import ARTICLES_FOLDER


def remove_command(
    article_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…]", help="ids as `kb list` shows them")
    ] = None,
    came_from: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="PATH_OR_URL",
            help="every article of a folder, a file, a page, a sitemap or a crawl, also of one that is gone",
        ),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="every article of the demo company")] = False,
) -> None:
    """Take articles out: nobody hears them from the next question on. While their files or pages stay, ingest brings
    them back, and so does the next reading of a source of `kb sources`.

    Example: insta-voice kb remove reset-password change-email

    Example: insta-voice kb remove --from ./old-handbook
    """
    if [bool(article_ids), came_from is not None, demo].count(True) != 1:
        raise InvalidInputError("Give the ids of the articles, --from or --demo.")
    if came_from is not None and not came_from.strip():
        raise InvalidInputError("Give a path or an address after --from.")
    if came_from is not None:
        removed, remark = asyncio.run(_remove_from(came_from))
    else:
        removed, remark = asyncio.run(_remove(article_ids or [])), ""
    print(f"{removed} removed.")
    if remark:
        print(remark, file=sys.stderr)


async def _remove(article_ids: list[str]) -> int:
    """These articles, or without any the demo company's; how many."""
    async with open_database() as db:
        if not article_ids:
            return await remove_source(db, str(ARTICLES_FOLDER))
        await remove_articles(db, article_ids)
        return len(set(article_ids))


async def _remove_from(came_from: str) -> tuple[int, str]:
    """What came from there; how many articles, and what is to be said if it is read again by itself."""
    async with open_database() as db:
        if not is_address(came_from):
            return await remove_from(db, Path(came_from)), ""
        url = page_address(came_from)
        return await remove_from(db, url), await _comes_back(db, url)


async def _comes_back(db: Database, url: str) -> str:
    if all(one.source.url != url for one in await list_scheduled(db)):
        return ""
    return f"It is read again by itself and brings them back: `{command('kb sources remove', url)}` ends that."
