"""`insta-voice kb`: load help articles, search them, list them."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from insta_voice.cli.demo_articles import beside_the_demos
from insta_voice.cli.embedder import command_embedder
from insta_voice.cli.printing import on_one_line, to_json
from insta_voice.db import Database, use_database
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import (
    Embedder,
    Found,
    Report,
    find_articles,
    ingest,
    left_out,
    list_articles,
    list_source,
    remove_articles,
    remove_source,
    use_embedder,
)
from insta_voice.settings import Settings, get_settings
from insta_voice.stack.demo_content import ARTICLES_FOLDER
from insta_voice.stack.embedded import database_address

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Load, search, list and remove help articles.")
_OUT = Console()
_ERR = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="print JSON for programs")]


@app.command("ingest")
def ingest_command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Markdown or JSONL files, or directories")],
    as_json: AsJson = False,
) -> None:
    """Make the knowledge base what the files say. Again costs nothing; a directory also removes what it lost.

    Exits with 1 when a document could not be taken; the others are.

    Example: insta-voice kb ingest ./articles
    """
    if addresses := [path for path in paths if "://" in path]:
        raise InvalidInputError(f"{addresses[0]} is an address: save the page as Markdown and give the file.")
    report, remarks = asyncio.run(_ingest([Path(path) for path in paths]))
    if as_json:
        print(to_json(asdict(report), indent=None))
    else:
        _show_report(report)
    for remark in remarks:
        print(remark, file=sys.stderr)
    if report.failed:
        raise typer.Exit(1)


@app.command("remove")
def remove_command(
    article_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…]", help="ids as `kb list` shows them")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="every article of the demo company")] = False,
) -> None:
    """Take articles out: nobody hears them from the next question on. While their files stay, ingest brings them back.

    Example: insta-voice kb remove reset-password change-email
    """
    if bool(article_ids) == demo:
        raise InvalidInputError("Give the ids of the articles, or --demo.")
    removed = asyncio.run(_remove(article_ids or []))
    _OUT.print(f"{removed} removed.", highlight=False)


@app.command("search")
def search_command(
    question: Annotated[str | None, typer.Argument(help="what a caller would ask")] = None,
    queries: Annotated[
        Path | None, typer.Option("--queries", help='JSONL of {"id","text"}: prints a JSON line for each')
    ] = None,
    k: Annotated[int, typer.Option("--k", min=1, max=33, help="articles to print")] = 10,
    audience: Annotated[
        list[str] | None, typer.Option("--audience", help='"everyone", "plan:<name>", "staff"; may be repeated')
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Search as a caller's question would. Without --audience: what everyone may hear.

    Example: insta-voice kb search 'How do I reset my password?'
    """
    audiences = tuple(audience or ("everyone",))
    if (question is None) == (queries is None):
        raise InvalidInputError("Give a question, or --queries with a file of questions.")
    if queries is not None:
        asked = _read_queries(queries)
        for query, found in zip(asked, asyncio.run(_search([q["text"] for q in asked], audiences, k)), strict=True):
            print(to_json({"id": query["id"], **_as_dict(found)}, indent=None))
        return
    if as_json:
        print(to_json(_as_dict(asyncio.run(_search([question or ""], audiences, k))[0]), indent=None))
    else:
        _show_found(*asyncio.run(_search_one(question or "", audiences, k)))


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """Every article, by title: a table on a terminal, lines with tabs for a program.

    Example: insta-voice kb list
    """
    articles = asyncio.run(_list())
    if as_json:
        print(to_json([asdict(article) for article in articles], indent=None))
        return
    if not _OUT.is_terminal:
        for article in articles:
            cells = (article.article_id, article.title, ",".join(article.audience), str(article.version))
            print(*(on_one_line(cell) for cell in cells), sep="\t")
        return
    table = Table("id", "title", "audience", "version", "updated", box=None, header_style="bold")
    for article in articles:
        updated = f"{article.updated_at:%Y-%m-%d}"
        row = (article.article_id, article.title, ", ".join(article.audience), str(article.version), updated)
        table.add_row(*(escape(on_one_line(cell)) for cell in row))
    _OUT.print(table)


async def _ingest(paths: list[Path]) -> tuple[Report, list[str]]:
    """The report, and what is to be said of the demo company's articles beside others."""
    settings = get_settings()
    own = not any(path.resolve().is_relative_to(ARTICLES_FOLDER) for path in paths)
    if not own and settings.service.env == "production":
        raise InvalidInputError(f"{ARTICLES_FOLDER} holds the demo company's articles. Give your own in production.")
    async with _knowledge(settings) as (db, embedder):
        before = await list_source(db, str(ARTICLES_FOLDER))
        columns = (TextColumn("Loading articles"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=_ERR, transient=True, disable=not _ERR.is_terminal) as bar:
            task = bar.add_task("", total=None)

            def show(done: int, total: int, name: str) -> None:
                bar.update(task, completed=done, total=total, description=name)

            report = await ingest(db, embedder, paths, progress=show)
        after = await list_source(db, str(ARTICLES_FOLDER))
        return report, list(beside_the_demos(settings, before, after)) if own else []


async def _remove(article_ids: list[str]) -> int:
    """These articles, or without any the demo company's; how many."""
    async with database_address(get_settings()) as url, Database(url) as db:
        if not article_ids:
            return await remove_source(db, str(ARTICLES_FOLDER))
        await remove_articles(db, article_ids)
        return len(set(article_ids))


async def _search(questions: list[str], audiences: tuple[str, ...], k: int) -> list[Found]:
    async with _knowledge(get_settings()) as (db, embedder):
        return await find_articles(db, embedder, questions, audiences=audiences, limit=k)


async def _search_one(question: str, audiences: tuple[str, ...], k: int) -> tuple[Found, list[tuple[str, ...]]]:
    """What the audiences get, and whom the articles are for that would have come before it."""
    async with _knowledge(get_settings()) as (db, embedder):
        [found] = await find_articles(db, embedder, [question], audiences=audiences, limit=k)
        return found, await left_out(db, embedder, question, audiences=audiences)


async def _list() -> list[Any]:
    async with database_address(get_settings()) as url, Database(url) as db:
        return await list_articles(db)


@asynccontextmanager
async def _knowledge(settings: Settings) -> AsyncIterator[tuple[Database, Embedder]]:
    """The database and the model, which are also this process's own."""
    async with database_address(settings) as url, Database(url) as db, command_embedder(settings) as embedder:
        use_database(db)
        use_embedder(embedder)
        yield db, embedder


def _read_queries(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} cannot be read as text.") from error
    queries = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            query = json.loads(line)
            queries.append({"id": query["id"], "text": str(query["text"])})
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInputError(f'Line {number} of {path} is not {{"id", "text"}}.') from error
    return queries


def _as_dict(found: Found) -> dict[str, Any]:
    return {
        "answerable": found.answerable,
        "confidence": round(found.confidence, 4),
        "results": [{"article_id": a.article_id, "title": a.title, "score": round(a.score, 4)} for a in found.articles],
    }


def _show_report(report: Report) -> None:
    counts = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed"
    _OUT.print(f"{counts}, {len(report.failed)} failed.", highlight=False)
    for failure in report.failed:
        print(f"  {on_one_line(failure.place)}: {on_one_line(failure.reason)}", file=sys.stderr)


def _show_found(found: Found, others: list[tuple[str, ...]]) -> None:
    verdict = "would be answered" if found.answerable else "would not be answered"
    _OUT.print(f"This {verdict} (confidence {found.confidence:.2f}).", highlight=False)
    for number, article in enumerate(found.articles, 1):
        _OUT.print(
            f"{number:2}. {on_one_line(article.title)}  [{on_one_line(article.article_id)}]  {article.score:.2f}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        if number == 1:
            passage = " ".join(on_one_line(article.passage).split()[:40])
            _OUT.print(f"    {passage} …", markup=False, highlight=False, soft_wrap=True)
    if others:
        count = "1 article for other audiences was" if len(others) == 1 else f"{len(others)} articles for others were"
        names = dict.fromkeys(on_one_line(name) for names in others for name in names)
        options = " ".join(f"--audience {name}" for name in names)
        _OUT.print(f"{count} left out: {options}", markup=False, highlight=False, soft_wrap=True)
