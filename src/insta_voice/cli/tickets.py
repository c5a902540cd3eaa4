"""`insta-voice tickets`: what callers left for a person, and sending what has not reached anybody."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from insta_voice.calls import Ticket
from insta_voice.cli.database import open_database
from insta_voice.cli.ids import read_id
from insta_voice.cli.printing import on_one_line, printable, to_json
from insta_voice.command import command

app = typer.Typer(add_completion=False, help="List what callers left for a person, and send it.")


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
        print(f"    ticket {ticket.ticket_id}, call {ticket.call_id}")
    if not found:
        print("no tickets")


@app.command()
def deliver(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…]", help="tickets, as `tickets list` names them")
    ] = None,
) -> None:
    """Send what has not reached the team, now: every such ticket, or those named. Exit code 1 when one could not go.

    What the job worker sends at the same moment may come twice, with the same ticket id.

    Example: insta-voice tickets deliver
    """
    wanted = [read_id(text, f"This is no ticket id. `{command('tickets list')}` shows them.") for text in ids or ()]
    if not asyncio.run(_deliver(wanted)):
        raise typer.Exit(1)


async def _deliver(wanted: Sequence[UUID]) -> bool:
    from insta_voice.calls import can_deliver, get_ticket, undelivered_tickets
    from insta_voice.errors import ConfigurationError, DeliveryError
    from insta_voice.jobs.tasks import deliver_ticket
    from insta_voice.settings import get_settings

    settings = get_settings()
    if not can_deliver(settings):
        raise ConfigurationError(
            "Tickets have nowhere to go. Set TICKET_WEBHOOK_URL with TICKET_WEBHOOK_SECRET, or TICKET_SMTP_URL, "
            "TICKET_EMAIL_FROM and TICKET_EMAIL_TO."
        )
    every_one_went = True
    async with open_database() as db:
        tickets = [await get_ticket(db, ticket_id) for ticket_id in wanted] if wanted else await undelivered_tickets(db)
        for ticket in tickets:
            outcome = "was there already" if ticket.delivered_at else "delivered"
            try:
                await deliver_ticket(db, settings, ticket.ticket_id)
            except DeliveryError as error:
                outcome, every_one_went = f"not delivered: {error.detail}", False
            print(f"{ticket.ticket_id}  {on_one_line(ticket.subject)}  {outcome}")
    if not tickets:
        print("every ticket has reached the team")
    return every_one_went


async def _read(limit: int) -> list[Ticket]:
    from insta_voice.calls import list_tickets

    async with open_database() as db:
        return await list_tickets(db, limit)
