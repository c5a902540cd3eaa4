"""How often language models said more than they were given, and what: for whoever operates the installation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from insta_voice.db import Database, Queries

_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


@dataclass(frozen=True, slots=True)
class UnsupportedSentence:
    """One that was left out of an answer, or said and taken back."""

    call_id: UUID
    number: int
    said_at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """`answers` of language models, and how many of them held such a sentence; the newest of these sentences."""

    answers: int
    with_unsupported: int
    newest: tuple[UnsupportedSentence, ...]


async def unsupported_sentences(db: Database, *, within: timedelta, limit: int = 20) -> Unsupported:
    """Of everyone's calls: for the command line, not for the API."""
    values = {"within": within, "limit": limit}
    async with db.as_service() as connection:
        counted = await (await connection.execute(_QUERIES["count_unsupported"], values)).fetchone()
        newest = await (await connection.execute(_QUERIES["newest_unsupported"], values)).fetchall()
    assert counted is not None, "an aggregate has a row"
    return Unsupported(**counted, newest=tuple(UnsupportedSentence(**row) for row in newest))
