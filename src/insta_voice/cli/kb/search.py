"""`kb search`: what a caller who asks this would get."""

import asyncio
import json
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from insta_voice.cli.kb.common import AsJson, open_knowledge
from insta_voice.cli.printing import on_one_line, to_json
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import Found, FoundArticle, find_answers, find_articles, left_out
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
    """Search as a caller's question would, several in one each for itself. Without --audience: what everyone may hear.

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
    answers, others = asyncio.run(_search_one(question or "", audiences, k))
    if as_json:
        print(to_json(_answers_as_dict(answers, k), indent=None))
    else:
        _show_answers(answers, others)


async def _search(questions: list[str], audiences: tuple[str, ...], k: int) -> list[Found]:
    async with open_knowledge() as (db, embedder):
        return await find_articles(db, embedder, questions, audiences=audiences, limit=k)


async def _search_one(
    question: str, audiences: tuple[str, ...], k: int
) -> tuple[tuple[Found, ...], list[tuple[str, ...]]]:
    """What a caller of the audiences gets, and whom the articles are for that would have come before it."""
    async with open_knowledge() as (db, embedder):
        answers = await find_answers(db, embedder, question, audiences=audiences, limit=k)
        return answers, await left_out(db, embedder, question, audiences=audiences)


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


def _answers_as_dict(answers: tuple[Found, ...], k: int) -> dict[str, Any]:
    """As of one question, and each of its parts: answered where all of them are, and as sure as the least sure."""
    best_first = sorted((article for found in answers for article in found.articles), key=lambda a: -a.score)
    articles: dict[str, FoundArticle] = {}
    for article in best_first:
        articles.setdefault(article.article_id, article)
    sure = min(found.confidence for found in answers)
    whole = Found(sure, all(found.answerable for found in answers), tuple(islice(articles.values(), k)))
    parts = [
        {
            "question": found.question,
            **_as_dict(found),
            "asked_back": [article.article_id for article in found.asked_back],
        }
        for found in answers
    ]
    return {**_as_dict(whole), "parts": parts}


def _show_answers(answers: tuple[Found, ...], others: list[tuple[str, ...]]) -> None:
    for found in answers:
        _show_found(found, "This" if len(answers) == 1 else f"“{on_one_line(found.question)}”")
    if others:
        count = "1 article for other audiences was" if len(others) == 1 else f"{len(others)} articles for others were"
        names = dict.fromkeys(on_one_line(name) for names in others for name in names)
        options = " ".join(f"--audience {name}" for name in names)
        _OUT.print(f"{count} left out: {options}", markup=False, highlight=False, soft_wrap=True)


def _show_found(found: Found, what: str) -> None:
    verdict = "would be answered" if found.answerable else "would not be answered"
    if found.asked_back:
        first, second = (on_one_line(article.title) for article in found.asked_back)
        verdict = f"would be asked back, “{first}” or “{second}”"
    _OUT.print(f"{what} {verdict} (confidence {found.confidence:.2f}).", markup=False, highlight=False, soft_wrap=True)
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
