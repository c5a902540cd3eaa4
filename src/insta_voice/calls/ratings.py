"""What the caller says of a call afterwards: whether it was solved, and a word if they like."""

from typing import Final
from uuid import UUID

from insta_voice.calls.models import Rating
from insta_voice.db import Database, Queries
from insta_voice.db.outbox import enqueue
from insta_voice.db.text import without_control_characters
from insta_voice.errors import InvalidInputError, NotFoundError

MAX_COMMENT_CHARACTERS: Final = 500  # the table's own limit; more than a word, less than a letter

_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


async def rate_call(db: Database, *, user_id: str, call_id: UUID, solved: bool, comment: str | None) -> Rating:
    """Write the caller's verdict on their own call, in place of an earlier one; what was asked in vain is found anew,
    once for all the verdicts that come before its job begins.

    NotFoundError when the call is not `user_id`'s; InvalidInputError for a comment of more than 500 characters.
    """
    said = without_control_characters(comment or "").strip() or None
    if said is not None and len(said) > MAX_COMMENT_CHARACTERS:
        raise InvalidInputError(f"The comment is longer than {MAX_COMMENT_CHARACTERS} characters. Shorten it.")
    values = {"user_id": user_id, "call_id": call_id, "solved": solved, "comment": said}
    async with db.as_user(user_id) as connection:
        row = await (await connection.execute(_QUERIES["rate_call"], values)).fetchone()
        if row is None:
            raise NotFoundError
        job = await (await connection.execute(_QUERIES["gaps_job_waits"], values)).fetchone()
        assert job is not None
        if not job["waits"]:
            await enqueue(connection, "find_gaps", lock=f"gaps:{call_id}", call_id=str(call_id))
    return Rating(**row)
