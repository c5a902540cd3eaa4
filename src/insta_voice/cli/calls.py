"""`insta-voice calls`: the record, for whoever operates the installation."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import TypeVar

import typer

from insta_voice.calls import CallDetail, CallEntry, Source, Unsupported, WaitingTimes
from insta_voice.cli import latency as waiting
from insta_voice.cli.database import open_database
from insta_voice.cli.ids import read_id
from insta_voice.cli.printing import on_one_line, printable, to_json
from insta_voice.command import command
from insta_voice.costs import Spending
from insta_voice.db import Database

T = TypeVar("T")
_INDENT = " " * 6

app = typer.Typer(add_completion=False, help="List and read calls.", no_args_is_help=True)


@app.command("list")
def list_command(
    limit: int = typer.Option(20, min=1, help="how many, newest first"),
    as_json: bool = typer.Option(False, "--json", help="one JSON document for machines"),
) -> None:
    """List calls, newest first.

    Example: insta-voice calls list --limit 5
    """
    from insta_voice.calls import list_all_calls

    async def read(db: Database) -> list[CallEntry]:
        return await list_all_calls(db, limit)

    found = asyncio.run(_with_database(read))
    if as_json:
        print(to_json([asdict(call) for call in found]))
        return
    for call in found:
        state = "running" if call.ended_at is None else call.end_reason
        print(f"{call.call_id}  {call.started_at:%Y-%m-%d %H:%M}  {call.turns:>3} turns  {state}")
        if call.summary:
            print(f"    {on_one_line(call.summary)}")
    if not found:
        print("no calls yet")


@app.command()
def show(
    call_id: str = typer.Argument(help="the call, as `calls list` names it"),
    as_json: bool = typer.Option(False, "--json", help="one JSON document for machines"),
) -> None:
    """Show a whole call: who said what, after how long, from where, how it ended, with which prompts and at what cost.

    Example: insta-voice calls show 0f9b9f0e-5f6e-4f55-9f37-2a1d4d3c2b1a
    """
    from insta_voice.calls import get_any_call

    wanted = read_id(call_id, f"This is no call id. `{command('calls list')}` shows them.")

    async def read(db: Database) -> CallDetail:
        return await get_any_call(db, wanted)

    call = asyncio.run(_with_database(read))
    print(to_json(asdict(call)) if as_json else _told(call))


@app.command()
def unsupported(
    days: int = typer.Option(30, min=1, help="how far back to look"),
    limit: int = typer.Option(20, min=1, help="how many sentences to show, newest first"),
    as_json: bool = typer.Option(False, "--json", help="one JSON document for machines"),
) -> None:
    """Show what language models said that was in none of their sources, and how often.

    Example: insta-voice calls unsupported --days 7
    """
    from insta_voice.calls import unsupported_sentences

    async def read(db: Database) -> Unsupported:
        return await unsupported_sentences(db, within=timedelta(days=days), limit=limit)

    found = asyncio.run(_with_database(read))
    if as_json:
        print(to_json(asdict(found)))
        return
    share = found.with_unsupported / found.answers if found.answers else 0.0
    print(f"{found.with_unsupported} of {found.answers} answers of language models ({share:.1%}) in {days} days")
    for one in found.newest:
        print(f"{one.call_id} {one.said_at:%Y-%m-%d %H:%M}  {on_one_line(one.sentence)}")


@app.command()
def latency(
    days: int = typer.Option(30, min=1, help="how far back to look"),
    as_json: bool = typer.Option(False, "--json", help="one JSON document for machines"),
) -> None:
    """Show how long callers waited for spoken answers, as they heard it, and what the waiting was made of.

    Example: insta-voice calls latency --days 7
    """
    from insta_voice.calls import waiting_times

    async def read(db: Database) -> WaitingTimes:
        return await waiting_times(db, within=timedelta(days=days))

    found = asyncio.run(_with_database(read))
    print(to_json(asdict(found)) if as_json else "\n".join(waiting.told(found, days)))


async def _with_database(read: Callable[[Database], Awaitable[T]]) -> T:
    async with open_database() as db:
        return await read(db)


def _told(call: CallDetail) -> str:
    ended = "still running" if call.ended_at is None else f"ended {call.ended_at:%H:%M:%S}: {call.end_reason}"
    lines = [f"Call {call.call_id}, {call.started_at:%Y-%m-%d %H:%M:%S}, {ended}", ""]
    typed = False
    for turn in call.turns:
        typed = turn.kind == "typed" if turn.speaker == "caller" else typed
        cut = " [interrupted]" if turn.interrupted else ""
        mind = f" ({on_one_line(turn.mind)})" if turn.speaker == "assistant" and turn.mind else ""
        said = printable(turn.heard or turn.text, indent=_INDENT)
        lines.append(f"{turn.number:>3} {turn.speaker}{mind}: {said}{cut}")
        if times := waiting.waited(turn.timings_ms, typed=typed):
            lines.append(f"{_INDENT}{times}")
        lines += [f"{_INDENT}{_cited(source)}" for source in turn.sources]
        lines += [f"{_INDENT}not in its sources: {on_one_line(said)}" for said in turn.unsupported]
    if call.ticket:
        delivered = "delivered" if call.ticket.delivered_at else "not delivered yet"
        lines += ["", f"Ticket: {on_one_line(call.ticket.subject)} ({delivered})"]
    if call.summary:
        lines += ["", on_one_line(call.summary)]
    prompts = [f"Prompts: {on_one_line(call.prompt_version)}"] if call.prompt_version else []
    language = [f"Language: {on_one_line(call.language)}"] if call.language else []
    return "\n".join([*lines, "", *language, *prompts, *_cost(call.spending)])


def _cited(source: Source) -> str:
    """With what `kb show` takes to print the text that was quoted; the page shows what the article says now."""
    place = " › ".join(on_one_line(part) for part in (source.title, source.heading) if part)
    found = f", found with {on_one_line(source.index)}" if source.index else ""
    text = f"version {source.version} of {on_one_line(source.article_id)}"
    return f"“{place}” {on_one_line(source.url)} ({text}{found})"


def _cost(spending: Spending) -> Iterator[str]:
    least = "" if spending.known else "at least "
    yield f"Cost: {least}{spending.usd:.6f} USD" + ("" if spending.known else "; not everything used has a price")
    for usage in spending.usages:
        amounts = ", ".join(f"{amount} {name}" for name, amount in usage.amounts.items())
        yield f"{_INDENT}{on_one_line(usage.model)} ({on_one_line(usage.provider)}): {amounts}"
