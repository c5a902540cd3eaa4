"""What a caller left for a person: written once, delivered by a job, listed for the team."""

from uuid import UUID

from insta_voice.calls.models import Ticket, Way
from insta_voice.calls.reading import read_ticket
from insta_voice.db import Database, Queries
from insta_voice.db.outbox import enqueue
from insta_voice.db.text import without_control_characters
from insta_voice.errors import NotFoundError, TooManyTicketsError

MOST_TICKETS = 5  # of a call: a caller has a wish or two, and a model that is talked into more mails nobody
_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


async def open_ticket(db: Database, *, user_id: str, call_id: UUID, subject: str, briefing: str, key: str) -> Ticket:
    """Write a ticket and enqueue its delivery in one transaction. The same `key` gives the same ticket again.

    TooManyTicketsError beyond MOST_TICKETS of a call; DBDriverError when the call is not `user_id`'s.
    """
    values = {
        "user_id": user_id,
        "call_id": call_id,
        "key": key,
        "subject": without_control_characters(" ".join(subject.split()))[:200],  # a mail's subject line is no longer
        "briefing": without_control_characters(briefing),
        "most": MOST_TICKETS,
    }
    async with db.as_user(user_id) as connection:
        await connection.execute(_QUERIES["lock_tickets"], values)
        row = await (await connection.execute(_QUERIES["open_ticket"], values)).fetchone()
        if row is None:
            row = await (await connection.execute(_QUERIES["ticket_by_key"], values)).fetchone()
            if row is None:
                raise TooManyTicketsError
        else:
            ticket_id = str(row["ticket_id"])
            await enqueue(connection, "deliver_ticket", lock=f"ticket:{ticket_id}", ticket_id=ticket_id)
    return read_ticket(row)


async def get_ticket(db: Database, ticket_id: UUID) -> Ticket:
    """One ticket, whoever's, for delivery; NotFoundError."""
    async with db.as_service() as connection:
        row = await (await connection.execute(_QUERIES["get_ticket"], {"ticket_id": ticket_id})).fetchone()
    if row is None:
        raise NotFoundError
    return read_ticket(row)


async def list_tickets(db: Database, limit: int = 100) -> list[Ticket]:
    """Tickets of everyone, newest first: for the team."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["list_tickets"], {"limit": limit})).fetchall()
    return [read_ticket(row) for row in rows]


async def undelivered_tickets(db: Database) -> list[Ticket]:
    """Tickets of everyone that have not reached the team, oldest first."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["undelivered_tickets"])).fetchall()
    return [read_ticket(row) for row in rows]


async def mark_gone(db: Database, ticket_id: UUID, way: Way) -> None:
    """Note that a ticket has reached the team by `way`: it is not sent that way again."""
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["mark_gone"], {"ticket_id": ticket_id, "way": way})


async def mark_delivered(db: Database, ticket_id: UUID) -> None:
    """Note that a ticket has reached the team by every way that is set; the first time counts."""
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["mark_delivered"], {"ticket_id": ticket_id})
