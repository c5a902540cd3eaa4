"""`kb ingest`: load articles from files and from the web."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from insta_voice.cli.kb import addresses as options
from insta_voice.cli.kb.closed_gaps import ask_open_gaps
from insta_voice.cli.kb.common import AsJson, open_knowledge
from insta_voice.cli.kb.demo_articles import beside_the_demos
from insta_voice.cli.kb.progress import LOADING, progress_bar
from insta_voice.cli.printing import on_one_line, to_json
from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError, InvalidInputError
from insta_voice.knowledge import Embedder, Report, WebSource, ingest, ingest_web, list_source, visitor_of
from insta_voice.knowledge.formats import SUFFIXES
from insta_voice.knowledge.report import Failure
from insta_voice.knowledge.report import Progress as Show
from insta_voice.knowledge.web import Visitor
from insta_voice.settings import get_settings
from insta_voice.stack.demo_content import ARTICLES_FOLDER


def ingest_command(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH_OR_URL…", help="files, directories, or addresses (https://…)")
    ],
    as_json: AsJson = False,
    crawl: options.Crawl = False,
    sitemap: options.Sitemap = False,
    depth: options.Depth = None,
    include: options.Include = None,
    exclude: options.Exclude = None,
    max_pages: options.MaxPages = None,
    audience: options.Audience = None,
) -> None:
    """Make the knowledge base what the files and pages say. Again costs nothing; what is gone there goes here, too.
    When an article is new or changed, the open gaps are asked again, as by `kb publish`.

    Exits with 1 when a document could not be taken; the others are.

    Example: insta-voice kb ingest ./articles

    Example: insta-voice kb ingest --audience plan:pro ./handbooks

    Example: insta-voice kb ingest --crawl --include '/help/*' https://www.example.com/help/
    """
    asked = options.AddressOptions.of(crawl, sitemap, depth, include, exclude, max_pages, audience)
    sources = asked.sources([path for path in paths if options.is_address(path)])
    files = [Path(path) for path in paths if not options.is_address(path)]
    report, closed, remarks = asyncio.run(_ingest(files, sources, asked.audience))
    if as_json:
        print(to_json(asdict(report), indent=None))
    elif report == Report():
        print(f"Nothing that can be read was found at {_listed(paths)}. Files that end so are: {', '.join(SUFFIXES)}.")
    else:
        show_report(report)
    for sentence in closed:
        print(sentence, file=sys.stderr if as_json else sys.stdout)
    for remark in remarks:
        print(remark, file=sys.stderr)
    if report.failed:
        raise typer.Exit(1)


async def _ingest(
    paths: list[Path], sources: list[WebSource], audience: Sequence[str]
) -> tuple[Report, list[str], list[str]]:
    """The report, what is to be said of gaps, and of the demo company's articles beside others."""
    settings = get_settings()
    own = not any(path.resolve().is_relative_to(ARTICLES_FOLDER) for path in paths)
    if not own and settings.service.env == "production":
        raise InvalidInputError(f"{ARTICLES_FOLDER} holds the demo company's articles. Give your own in production.")
    async with open_knowledge() as (db, embedder):
        before = await list_source(db, str(ARTICLES_FOLDER))
        with progress_bar(LOADING) as show:
            report = await ingest(db, embedder, paths, audience=audience, progress=show)
            visitor = visitor_of(settings)
            for source in sources:
                report += await _ingest_web(db, embedder, source, visitor, show)
        after = await list_source(db, str(ARTICLES_FOLDER))
        closed = await ask_open_gaps(db, embedder) if report.brings_answers else []
        return report, closed, list(beside_the_demos(settings, before, after)) if own else []


async def _ingest_web(db: Database, embedder: Embedder, source: WebSource, visitor: Visitor, show: Show) -> Report:
    """What became of one source. One that breaks off is a failure of its own: the report of the others stays.

    What no source can do without, `ingest` has asked for by then, also without a path.
    """
    try:
        return await ingest_web(db, embedder, source, visitor, progress=show)
    except InstaVoiceError as error:
        return Report(failed=(Failure(source.url, error.message),))


def show_report(report: Report) -> None:
    """The counts on standard output, each failure on standard error."""
    print(summary_of(asdict(report)))
    if report.edits_kept:
        print(f"Edited here, and left so while their files do not change: {_listed(report.edits_kept)}.")
    if report.edits_replaced:
        print(f"Edited here, and replaced by files that have changed: {_listed(report.edits_replaced)}.")
    if report.missing:
        print(f"Linked to, and not there: {_listed(report.missing)}.")
    if report.taken_over:
        told = [f"{one.article_id} (from {one.before}, now {one.now})" for one in report.taken_over]
        print(f"Replaced, though another place had brought it: {_listed(told)}.")
    for failure in report.failed:
        print(f"  {on_one_line(failure.place)}: {on_one_line(failure.reason)}", file=sys.stderr)


def summary_of(report: Mapping[str, Any]) -> str:
    """The counts of a report, given as its fields, in one line."""
    counts = ", ".join(f"{report[name]} {name}" for name in ("added", "changed", "unchanged", "removed"))
    return f"{counts}, {len(report['failed'])} failed."


def _listed(names: Sequence[str]) -> str:
    return on_one_line(", ".join(names))
