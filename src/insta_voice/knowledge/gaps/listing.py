"""Gaps as an operator reads them: the ones that matter first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from insta_voice.db import Connection, Database
from insta_voice.errors import NotFoundError
from insta_voice.knowledge.gaps.recorded import QUERIES

# What was asked four weeks ago counts a quarter of what was asked today: articles are written weekly rather than daily,
# and a rush of last quarter is not to hide what callers miss now. After RETENTION_DAYS (90) a call would count 1 %.
HALF_LIFE: Final = timedelta(days=14)

State = Literal["open", "open again", "closed"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of questions. `question` is the one nearest to all of them. `calls` counts those that asked it, `weight`
    the same with HALF_LIFE, `causes` those of each cause. `closed_because` is the last reason, also of a gap that is
    open again.
    """

    gap_id: int
    language: str
    question: str
    calls: int
    questions: int
    weight: float
    first_at: datetime
    last_at: datetime
    causes: Mapping[str, int]
    state: State
    closed_at: datetime | None
    closed_because: str | None

    @property
    def article_id(self) -> str:
        """The id that a draft of its article has."""
        return f"gap-{self.gap_id}"


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """One of them: `question` in the caller's words, `query` with the one before it where it hangs on that, and how
    sure it was that what was found answers it.
    """

    question: str
    query: str
    asked_at: datetime
    call_id: UUID
    causes: tuple[str, ...]
    confidence: float


async def list_gaps(
    db: Database, *, now: datetime, since: datetime | None = None, closed: bool = False, limit: int = 50
) -> list[Gap]:
    """Gaps by weight at `now`; those last asked before `since` are left out, and closed ones unless wanted."""
    values = {"now": now, "since": since, "closed": closed, "limit": limit, "gap_id": None}
    async with db.as_service() as connection:
        return await _read(connection, values)


async def get_gap(db: Database, gap_id: int, *, now: datetime) -> tuple[Gap, list[GapQuestion]]:
    """A gap, and all of its questions, the newest first; NotFoundError."""
    values = {"now": now, "since": None, "closed": True, "limit": 1, "gap_id": gap_id}
    async with db.as_service() as connection:
        found = await _read(connection, values)
        if not found:
            raise NotFoundError("There is no such gap. Its questions may have been deleted with their calls.")
        rows = await (await connection.execute(QUERIES["questions_of_gap"], values)).fetchall()
    return found[0], [GapQuestion(**{**row, "causes": tuple(row["causes"])}) for row in rows]


async def _read(connection: Connection, values: Mapping[str, object]) -> list[Gap]:
    parameters = {**values, "half_life": HALF_LIFE}
    return [Gap(**row) for row in await (await connection.execute(QUERIES["list_gaps"], parameters)).fetchall()]
