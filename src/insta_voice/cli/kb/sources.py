"""`kb sources`: pages, sitemaps and crawls that are read again by themselves."""

import asyncio
import sys
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer

from insta_voice.cli.database import open_database
from insta_voice.cli.kb import addresses as options
from insta_voice.cli.kb.closed_gaps import ask_open_gaps
from insta_voice.cli.kb.common import AsJson, open_knowledge
from insta_voice.cli.kb.ingest import show_report, summary_of
from insta_voice.cli.kb.intervals import as_option, interval_of
from insta_voice.cli.kb.progress import LOADING, progress_bar
from insta_voice.cli.printing import print_rows, to_json
from insta_voice.errors import AddressRefusedError, InvalidInputError
from insta_voice.knowledge import Report, WebSource, visitor_of
from insta_voice.knowledge.web import (
    ScheduledSource,
    claim_source,
    door_of,
    list_scheduled,
    page_address,
    reason_of,
    refresh,
    schedule,
    unschedule,
)
from insta_voice.settings import get_settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Pages that are read again by themselves.")

Url = Annotated[str, typer.Argument(metavar="URL", help="as `kb sources list` shows it")]


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """What is read again by itself, how often, and what the last time did, or how far it is just now.

    Example: insta-voice kb sources list
    """
    sources = asyncio.run(_list())
    if as_json:
        print(to_json([_as_dict(one) for one in sources], indent=None))
        return
    columns = ("source", "kind", "every", "read", "last time")
    print_rows(columns, [_cells(one) for one in sources], whole=["source"])


@app.command("add")
def add_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="of a page, of a sitemap, or where a crawl begins")],
    every: Annotated[str, typer.Option("--every", metavar="TIME", help="12h or 1d; an hour at least")] = "1d",
    crawl: options.Crawl = False,
    sitemap: options.Sitemap = False,
    depth: options.Depth = None,
    include: options.Include = None,
    exclude: options.Exclude = None,
    max_pages: options.MaxPages = None,
    audience: options.Audience = None,
) -> None:
    """Have a page, a sitemap or a crawl read now and again; one that is there is read by the new options.

    The job worker does it, within a minute the first time. The options are those of `kb ingest`. An address that may
    never be read is refused.

    Example: insta-voice kb sources add --every 12h https://help.example.com/sitemap.xml
    """
    asked = options.AddressOptions.of(crawl, sitemap, depth, include, exclude, max_pages, audience)
    [source] = asked.sources([url])
    interval = interval_of(every)
    asyncio.run(_add(source, interval))
    print(f"{source.url} ({source.kind}) is read every {as_option(interval)}.")


@app.command("remove")
def remove_command(url: Url) -> None:
    """Take a source off the list and its articles out.

    Example: insta-voice kb sources remove https://help.example.com/sitemap.xml
    """
    removed = asyncio.run(_remove(page_address(url)))
    print(f"{removed} removed.")


@app.command("refresh")
def refresh_command(url: Url, as_json: AsJson = False) -> None:
    """Read a source of the list now, to the end. Exits with 1 when a document could not be taken; the others are.

    Example: insta-voice kb sources refresh https://help.example.com/sitemap.xml
    """
    report, closed = asyncio.run(_refresh(page_address(url)))
    if as_json:
        print(to_json(asdict(report), indent=None))
    else:
        show_report(report)
    for sentence in closed:
        print(sentence, file=sys.stderr if as_json else sys.stdout)
    if report.failed:
        raise typer.Exit(1)


async def _list() -> list[ScheduledSource]:
    async with open_database() as db:
        return await list_scheduled(db)


async def _add(source: WebSource, every: timedelta) -> None:
    try:
        await door_of(get_settings()).admit(source.url)
    except AddressRefusedError as error:
        raise InvalidInputError(f"{source.url}: {reason_of(error)}") from None
    async with open_database() as db:
        await schedule(db, source, every)


async def _remove(url: str) -> int:
    async with open_database() as db:
        return await unschedule(db, url)


async def _refresh(url: str) -> tuple[Report, list[str]]:
    async with open_knowledge() as (db, embedder):
        claimed = await claim_source(db, url)
        with progress_bar(LOADING) as show:
            report = await refresh(db, embedder, claimed, visitor_of(get_settings()), progress=show)
        return report, await ask_open_gaps(db, embedder) if report.brings_answers else []


def _cells(one: ScheduledSource) -> tuple[str, ...]:
    read = f"{one.read_at:%Y-%m-%d %H:%M} UTC" if one.read_at else "not yet"
    return one.source.url, one.source.kind, as_option(one.refresh_every), read, _last(one)


def _last(one: ScheduledSource) -> str:
    """How far a reading is, else what the last one did; of its failures the first, often the reason for all."""
    if one.reading:
        return f"reading: {one.reading.done} of {one.reading.total} pages"
    if one.trouble:
        return one.trouble
    if one.report is None:
        return "not read yet"
    first = "".join(f" {failure['place']}: {failure['reason']}" for failure in one.report["failed"][:1])
    return summary_of(one.report) + first


def _as_dict(one: ScheduledSource) -> dict[str, Any]:
    source = one.source
    return {
        "url": source.url,
        "kind": source.kind,
        **asdict(source.bounds),
        "audience": source.audience,
        "every": as_option(one.refresh_every),
        "due_at": one.due_at,
        "read_at": one.read_at,
        "report": one.report,
        "trouble": one.trouble,
        "reading": asdict(one.reading) if one.reading else None,
    }
