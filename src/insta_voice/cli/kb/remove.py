"""`kb remove`: take articles out."""

import asyncio
from typing import Annotated

import typer

from insta_voice.cli.database import open_database
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import remove_articles, remove_source
from insta_voice.stack.demo_content import ARTICLES_FOLDER


def remove_command(
    article_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…]", help="ids as `kb list` shows them")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="every article of the demo company")] = False,
) -> None:
    """Take articles out: nobody hears them from the next question on. While their files or pages stay, ingest brings
    them back, and so does the next reading of a source of `kb sources`.

    Example: insta-voice kb remove reset-password change-email
    """
    if bool(article_ids) == demo:
        raise InvalidInputError("Give the ids of the articles, or --demo.")
    print(f"{asyncio.run(_remove(article_ids or []))} removed.")


async def _remove(article_ids: list[str]) -> int:
    """These articles, or without any the demo company's; how many."""
    async with open_database() as db:
        if not article_ids:
            return await remove_source(db, str(ARTICLES_FOLDER))
        await remove_articles(db, article_ids)
        return len(set(article_ids))
