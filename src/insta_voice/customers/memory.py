"""What the assistant remembers of earlier calls: one summary a call, and the question that stayed open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from insta_voice.db import Database, Queries, current_database
from insta_voice.db.text import without_control_characters

_QUERIES = Queries.load("insta_voice.customers", "queries.sql")


@dataclass(frozen=True, slots=True)
class Summary:
    """What one conversation was about. `open_question` is what the next greeting can come back to, in `language`, the
    code of the call's; None where nobody said.
    """

    call_id: UUID | None
    summary: str
    topics: tuple[str, ...]
    open_question: str | None
    solved: bool | None
    created_at: datetime
    language: str | None = None


async def save_interaction_summary(
    user_id: str,
    summary: str,
    *,
    call_id: UUID | None = None,
    topics: Sequence[str] = (),
    open_question: str | None = None,
    solved: bool | None = None,
    unless_saved_since: datetime | None = None,
    db: Database | None = None,
) -> bool:
    """Save what a conversation was about. A call has one summary: saving again replaces it.

    With `unless_saved_since`, one that was saved then or later is left alone, and False returned. The call must be
    `user_id`'s own (DBDriverError otherwise).
    """
    values = {
        "user_id": user_id,
        "call_id": call_id,
        "summary": without_control_characters(summary),
        "topics": [without_control_characters(topic) for topic in topics],
        "open_question": None if open_question is None else without_control_characters(open_question),
        "solved": solved,
        "since": unless_saved_since,
    }
    async with (db or current_database()).as_user(user_id) as connection:
        row = await (await connection.execute(_QUERIES["save_summary"], values)).fetchone()
    return row is not None


async def last_summary(db: Database, user_id: str) -> Summary | None:
    """The newest summary of `user_id`, or None."""
    async with db.as_user(user_id) as connection:
        row = await (await connection.execute(_QUERIES["last_summary"], {"user_id": user_id})).fetchone()
    if row is None:
        return None
    return Summary(
        row["call_id"],
        row["summary"],
        tuple(row["topics"]),
        row["open_question"],
        row["solved"],
        row["created_at"],
        row["language"],
    )
