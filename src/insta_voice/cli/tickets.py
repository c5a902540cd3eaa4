"""`insta-voice tickets`: what callers left for a person."""

import asyncio
from dataclasses import asdict

import typer

from insta_voice.calls import Ticket
from insta_voice.cli.printing import on_one_line, printable, to_json
from insta_voice.db import Database

app = typer.Typer(add_completion=False, help="List what callers left for a person.")


@app.callback(invoke_without_command=True)
def tickets(
    context: typer.Context,
    as_json: bool = typer.Option(False, "--json", help="one JSON document for machines"),
) -> None:
    """List tickets, newest first; the same as `tickets list`.

    Example: insta-voice tickets --json
    """
    if context.invoked_subcommand is None:
        list_command(limit=50, as_json=as_json)


@app.command("list")
def list_command(
    limit: int = typer.Option(50, min=1, help="how many, newest first"),
    as_json: bool = typer.Option(False, "--json", help="one JSON document for machines"),
) -> None:
    """List tickets, newest first.

    Example: insta-voice tickets list --limit 5
    """
    found = asyncio.run(_read(limit))
    if as_json:
        print(to_json([asdict(ticket) for ticket in found]))
        return
    for ticket in found:
        print(f"{ticket.created_at:%Y-%m-%d %H:%M}  {ticket.status:<9}  {on_one_line(ticket.subject)}")
        print(f"    {printable(ticket.briefing, indent='    ')}")
        print(f"    call {ticket.call_id}")
    if not found:
        print("no tickets")


async def _read(limit: int) -> list[Ticket]:
    from insta_voice.calls import list_tickets
    from insta_voice.settings import get_settings
    from insta_voice.stack.embedded import database_address

    async with database_address(get_settings()) as url, Database(url, max_size=1) as db:
        return await list_tickets(db, limit)
