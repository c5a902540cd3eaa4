"""`kb draft`, `kb drafts`, `kb publish`, `kb discard`: a text that nobody hears yet, and what becomes of it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from insta_voice.cli.database import open_database
from insta_voice.cli.kb.closed_gaps import ask_open_gaps
from insta_voice.cli.kb.common import WRITTEN_BY, ArticleId, AsJson, open_knowledge
from insta_voice.cli.kb.history import as_dict, state_of
from insta_voice.cli.printing import on_one_line, print_rows, to_json
from insta_voice.command import command
from insta_voice.knowledge import Document, Version, discard_draft, draft_article, list_drafts, publish, read_draft


def draft_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Markdown with an id, as `kb show` prints it")],
) -> None:
    """Keep a text as the draft of its article. What is published goes on answering until `kb publish`.

    The version in its front matter is what it was made of; without it, that is what is published now.

    Example: insta-voice kb draft reset-password.md
    """
    document, made_from = read_draft(file)
    draft = asyncio.run(_draft(document, made_from))
    name = on_one_line(draft.name)
    heard = f"version {draft.published} is heard" if draft.published else "nothing is heard of it"
    if draft.is_current:
        print(f"Version {draft.version} of {name} is a draft: {heard} until `{command('kb publish', name)}`.")
    else:
        made_of = f"version {draft.made_from}" if draft.made_from else "no published text"
        print(f"Version {draft.version} of {name} is a draft, made of {made_of}, and {heard}: it cannot be published.")


def drafts_command(as_json: AsJson = False) -> None:
    """Every draft that waits to be published, the newest first.

    Example: insta-voice kb drafts
    """
    drafts = asyncio.run(_list())
    if as_json:
        print(to_json([as_dict(draft) for draft in drafts], indent=None))
        return
    print_rows(("id", "version", "written", "", "title"), [_cells(draft) for draft in drafts], whole=["id"])


def publish_command(article_id: ArticleId) -> None:
    """Publish the draft of an article: from the next question on it is what callers hear. The open gaps are asked
    again, and those that are answered now are closed.

    Refused when it was made of another version than the published one.

    Example: insta-voice kb publish reset-password
    """
    published, closed = asyncio.run(_publish(article_id))
    print(f"Version {published.version} of {on_one_line(published.name)} is {state_of(published)}.")
    for sentence in closed:
        print(sentence)


def discard_command(article_id: ArticleId) -> None:
    """Have the draft of an article wait no more. It stays in the history.

    Example: insta-voice kb discard reset-password
    """
    draft = asyncio.run(_discard(article_id))
    print(f"Version {draft.version} of {on_one_line(draft.name)} is no draft any more.")


def _cells(draft: Version) -> tuple[str, ...]:
    outdated = "" if draft.is_current else "outdated"
    return draft.name, f"version {draft.version}", f"{draft.written_at:%Y-%m-%d %H:%M}", outdated, draft.title


async def _draft(document: Document, made_from: int | None) -> Version:
    async with open_database() as db:
        return await draft_article(db, document, written_by=WRITTEN_BY, made_from=made_from)


async def _list() -> list[Version]:
    async with open_database() as db:
        return await list_drafts(db)


async def _publish(article_id: str) -> tuple[Version, list[str]]:
    async with open_knowledge() as (db, embedder):
        published = await publish(db, embedder, article_id, written_by=WRITTEN_BY)
        return published, await ask_open_gaps(db, embedder)


async def _discard(article_id: str) -> Version:
    async with open_database() as db:
        return await discard_draft(db, article_id)
