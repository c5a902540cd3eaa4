"""`kb show`, `kb history`, `kb restore`: what an article says and said, and going back."""

import asyncio
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from insta_voice.cli.database import open_database
from insta_voice.cli.kb.closed_gaps import ask_open_gaps
from insta_voice.cli.kb.common import WRITTEN_BY, ArticleId, AsJson, open_knowledge
from insta_voice.cli.printing import on_one_line, print_rows, printable, to_json
from insta_voice.errors import NotFoundError
from insta_voice.knowledge import Version, VersionText, as_file, get_version, list_versions, restore_version
from insta_voice.knowledge.gaps import draft_of, gap_of_draft, get_gap
from insta_voice.knowledge.validity import today


def show_command(
    article_id: ArticleId,
    version: Annotated[int | None, typer.Option("--version", min=1, help="as `kb history` numbers them")] = None,
    as_json: AsJson = False,
) -> None:
    """Print an article as a file that `kb draft` reads; about it, on standard error.

    Without --version: what is published, else the draft. Over a draft that `gaps draft` began stands what was asked.

    Example: insta-voice kb show reset-password --version 2
    """
    found, file = asyncio.run(_get(article_id, version))
    if as_json:
        print(to_json({**as_dict(found.version), "article": found.document.fields()}))
        return
    print(printable(file), end="")
    print(as_sentence(found.version), file=sys.stderr)


def history_command(article_id: ArticleId, as_json: AsJson = False) -> None:
    """Every version of an article, the newest first: when it was written, why, and whether it is heard.

    Example: insta-voice kb history reset-password
    """
    versions = asyncio.run(_list(article_id))
    if as_json:
        print(to_json([as_dict(version) for version in versions], indent=None))
        return
    columns = ("version", "written", "why", "by", "state", "title")
    print_rows(columns, [_row(version) for version in versions], whole=["version", "written"])


def restore_command(
    article_id: ArticleId,
    version: Annotated[int, typer.Option("--version", min=1, help="as `kb history` numbers them")],
) -> None:
    """Publish what an earlier version said, as the next one. Also brings back an article that was taken out. The open
    gaps are asked again, as by `kb publish`.

    Example: insta-voice kb restore reset-password --version 2
    """
    published, closed = asyncio.run(_restore(article_id, version))
    print(f"Version {published.version} of {on_one_line(published.name)} says what version {version} said.")
    for sentence in closed:
        print(sentence)


def as_dict(version: Version) -> dict[str, Any]:
    """For programs."""
    return {**asdict(version), "state": version.state}


def as_sentence(version: Version) -> str:
    """Which version this is, and what has become of it."""
    written = f"{version.reason} by {version.written_by}, {version.written_at:%Y-%m-%d %H:%M} UTC"
    waits = f" Version {version.draft} is a draft." if version.draft not in (None, version.version) else ""
    return on_one_line(f"Version {version.version} of {version.name}: {state_of(version)}, {written}.{waits}")


def state_of(version: Version) -> str:
    """What has become of it, and on which days it is not heard: "published, expired 2026-11-01"."""
    return ", ".join(filter(None, (version.state, version.unheard_on(today()))))


def _row(version: Version) -> tuple[str, ...]:
    made_from = f" from {version.made_from}" if version.made_from is not None else ""
    written = f"{version.written_at:%Y-%m-%d %H:%M}"
    why = f"{version.reason}{made_from}"
    return str(version.version), written, why, version.written_by, state_of(version), version.title


async def _get(article_id: str, version: int | None) -> tuple[VersionText, str]:
    """The version, and its file: of a draft that `gaps draft` began the one it wrote, while the gap is there."""
    async with open_database() as db:
        found = await get_version(db, article_id, version)
        if (gap_id := gap_of_draft(found.document)) is not None:
            with suppress(NotFoundError):
                return found, draft_of(*await get_gap(db, gap_id, now=datetime.now(UTC)))
        return found, as_file(found)


async def _list(article_id: str) -> list[Version]:
    async with open_database() as db:
        return await list_versions(db, article_id)


async def _restore(article_id: str, version: int) -> tuple[Version, list[str]]:
    async with open_knowledge() as (db, embedder):
        published = await restore_version(db, embedder, article_id, version, written_by=WRITTEN_BY)
        return published, await ask_open_gaps(db, embedder)
