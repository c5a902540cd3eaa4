"""`kb search`: what a caller who asks this would get."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from insta_voice.cli.kb.common import AsJson, open_knowledge
from insta_voice.cli.printing import on_one_line, to_json
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import Found, find_articles, left_out
from insta_voice.knowledge.text_files import read_text_file

_OUT = Console()


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


async def _search(questions: list[str], audiences: tuple[str, ...], k: int) -> list[Found]:
    async with open_knowledge() as (db, embedder):
        return await find_articles(db, embedder, questions, audiences=audiences, limit=k)


async def _search_one(question: str, audiences: tuple[str, ...], k: int) -> tuple[Found, list[tuple[str, ...]]]:
    """What the audiences get, and whom the articles are for that would have come before it."""
    async with open_knowledge() as (db, embedder):
        [found] = await find_articles(db, embedder, [question], audiences=audiences, limit=k)
        return found, await left_out(db, embedder, question, audiences=audiences)


def _read_queries(path: Path) -> list[dict[str, Any]]:
    queries = []
    for number, line in enumerate(read_text_file(path).split("\n"), 1):
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
