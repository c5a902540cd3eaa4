"""`insta-voice gaps`: what callers asked in vain, and how it comes to an end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from insta_voice.cli.database import open_database
from insta_voice.cli.embedder import command_embedder
from insta_voice.cli.printing import on_one_line, to_json
from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import Embedder, Version
from insta_voice.knowledge.gaps import (
    Checked,
    Gap,
    GapQuestion,
    begin_draft,
    check_gap,
    check_open_gaps,
    close_gap,
    draft_of,
    get_gap,
    list_gaps,
)
from insta_voice.settings import get_settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="See what callers asked in vain, and close it.")

AsJson = Annotated[bool, typer.Option("--json", help="one JSON document for machines")]
GapId = Annotated[int, typer.Argument(metavar="ID", min=1, help="the gap, as `gaps list` numbers it")]
_CAUSES = {
    "no_answer": "not sure enough",
    "not_solved": "thumbs down",
    "person": "asked for a person",
    "repeated": "asked again",
}


@app.command("list")
def list_command(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="asked since then, UTC")
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="closed ones too")] = False,
    limit: Annotated[int, typer.Option(min=1, help="how many")] = 50,
    as_json: AsJson = False,
) -> None:
    """What was asked in vain, what matters most first: each call counts once, and half as much after two weeks.

    Example: insta-voice gaps list --since 2026-11-01
    """
    found = asyncio.run(_list(since.replace(tzinfo=UTC) if since else None, closed, limit))
    if as_json:
        print(to_json([asdict(gap) for gap in found]))
        return
    for gap in found:
        print(_told(gap))
    if not found:
        print("no gaps")


@app.command()
def show(gap_id: GapId, as_json: AsJson = False) -> None:
    """One gap with every question, why it was in vain, and its call.

    Example: insta-voice gaps show 12
    """
    gap, asked = asyncio.run(_get(gap_id))
    if as_json:
        print(to_json({**asdict(gap), "asked": [asdict(one) for one in asked]}))
        return
    print(_told(gap))
    if gap.closed_because:
        print(f"    {'closed' if gap.closed_at else 'closed before'}: {on_one_line(gap.closed_because)}")
    for one in asked:
        print(f"    {one.asked_at:%Y-%m-%d %H:%M}  {on_one_line(one.query)}")
        print(f"        {_why(one.causes)}; confidence {one.confidence:.2f}; call {one.call_id}")


@app.command()
def draft(
    gap_id: GapId,
    to: Annotated[Path | None, typer.Option(help="the file; default: gap-ID.md here")] = None,
) -> None:
    """Begin the missing article: a draft that nobody hears yet, and a Markdown file with what was asked for its author.

    Example: insta-voice gaps draft 12 --to articles/export.md
    """
    path = to or Path(f"gap-{gap_id}.md")
    gap, asked = asyncio.run(_get(gap_id))
    if path.exists():
        raise InvalidInputError(f"{path} is there already: name another file with --to.")
    begun = asyncio.run(_begin(gap))  # once and again the same, so that whatever fails is tried again
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(draft_of(gap, asked))
    except FileExistsError:
        raise InvalidInputError(f"{path} is there already: name another file with --to.") from None
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be written: {error.strerror}.") from error
    print(f"{_what_waits(begun)} `{command('kb show', begun.name)}` prints it.")
    print(f"{path} is written. When its text is there: {command('kb draft', path)}")
    print(f"Then publish it, and the gap is closed if that answers it: {command('kb publish', begun.name)}")


@app.command()
def check(
    gap_id: Annotated[int | None, typer.Argument(metavar="[ID]", min=1, help="one gap; default: all open ones")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the questions of open gaps again, as those who asked them. A gap whose questions are all answered is closed.

    Example: insta-voice gaps check 12
    """
    found = asyncio.run(_check(gap_id, show=not as_json))
    if as_json:
        print(to_json([asdict(checked) for checked in found]))
    elif not found:
        print("no gap is open")


@app.command()
def close(gap_id: GapId, reason: Annotated[str, typer.Option(help="why it needs no article")]) -> None:
    """Close a gap by hand. When it is asked in vain again, it opens again.

    Example: insta-voice gaps close 12 --reason "We do not sell that."
    """
    asyncio.run(_close(gap_id, reason))
    print(f"gap {gap_id} is closed")


def _told(gap: Gap) -> str:
    calls = "1 call" if gap.calls == 1 else f"{gap.calls} calls"
    state = "" if gap.state == "open" else f"  [{gap.state}]"
    causes = ", ".join(f"{_CAUSES[name]} {count}" for name, count in sorted(gap.causes.items(), key=lambda c: -c[1]))
    return (
        f"{gap.gap_id:>4}  {on_one_line(gap.question)}{state}\n"
        f"      {calls}, weight {gap.weight:.1f}, last {gap.last_at:%Y-%m-%d}; {causes}"
    )


def _what_waits(article: Version) -> str:
    if article.published is not None:
        return f"{article.name} is published already, and left as it is."
    return f"{article.name} is a draft that nobody hears."


def _why(causes: tuple[str, ...]) -> str:
    return ", ".join(_CAUSES[cause] for cause in causes)


def _show_checked(checked: Checked) -> None:
    answered = sum(one.answered for one in checked.asked)
    outcome = "is closed" if checked.closed else "is still open"
    print(f"gap {checked.gap_id} {outcome}: {answered} of {len(checked.asked)} questions are answered now")
    for one in checked.asked:
        where = f"“{on_one_line(one.title)}”" if one.title else "nothing"
        verb = "answered from" if one.answered else "not answered, finds"
        print(f"    {on_one_line(one.question)}\n        {verb} {where} (confidence {one.confidence:.2f})")


async def _list(since: datetime | None, closed: bool, limit: int) -> list[Gap]:
    async with open_database() as db:
        return await list_gaps(db, now=datetime.now(UTC), since=since, closed=closed, limit=limit)


async def _get(gap_id: int) -> tuple[Gap, list[GapQuestion]]:
    async with open_database() as db:
        return await get_gap(db, gap_id, now=datetime.now(UTC))


async def _begin(gap: Gap) -> Version:
    async with open_database() as db:
        return await begin_draft(db, gap, written_by="insta-voice gaps")


async def _check(gap_id: int | None, *, show: bool) -> list[Checked]:
    """Each is shown as it comes: a model that goes away takes nothing of what it has found."""
    found = []
    async with open_database() as db, command_embedder(get_settings()) as embedder:
        async for checked in _checks(db, embedder, gap_id):
            if show:
                _show_checked(checked)
            found.append(checked)
    return found


async def _checks(db: Database, embedder: Embedder, gap_id: int | None) -> AsyncIterator[Checked]:
    if gap_id is not None:
        yield await check_gap(db, embedder, gap_id)
        return
    async for checked in check_open_gaps(db, embedder):
        yield checked


async def _close(gap_id: int, reason: str) -> None:
    async with open_database() as db:
        await close_gap(db, gap_id, reason)
