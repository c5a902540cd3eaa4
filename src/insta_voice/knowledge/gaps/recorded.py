"""An ended call as its record has it: what gaps are found from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from insta_voice.db import Database, Queries
from insta_voice.knowledge.gaps.finding import Answer, Searched

QUERIES = Queries.load("insta_voice.knowledge.gaps", "queries.sql")


@dataclass(frozen=True, slots=True)
class EndedCall:
    """`solved` is the caller's word on it, None without one; `read_at` is when all this was so."""

    call_id: UUID
    language: str
    solved: bool | None
    read_at: datetime
    answers: tuple[Answer, ...]


async def read_ended_call(db: Database, call_id: UUID, *, language: str) -> EndedCall | None:
    """The call, in `language` where nobody said; None when it runs still, or was deleted."""
    values = {"call_id": call_id, "language": language}
    async with db.as_service() as connection:
        call = await (await connection.execute(QUERIES["ended_call"], values)).fetchone()
        if call is None:
            return None
        answers = await (await connection.execute(QUERIES["answers_of_call"], values)).fetchall()
    return EndedCall(
        **call,
        answers=tuple(
            Answer(row["number"], row["kind"], tuple(Searched(**one) for one in row["searches"])) for row in answers
        ),
    )
