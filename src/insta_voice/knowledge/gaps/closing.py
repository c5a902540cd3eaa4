"""Closing a gap: its questions are asked again, as those who asked them, or an operator says why it is none."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from insta_voice.db import Database
from insta_voice.errors import InvalidInputError, NotFoundError
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.gaps.asking_again import AskedAgain, ask_again, require_model
from insta_voice.knowledge.gaps.listing import Gap, list_gaps
from insta_voice.knowledge.gaps.recorded import QUERIES

LONGEST_REASON: Final = 500  # characters, the table's own limit
# A question takes some 20 ms with the local model, OpenAI's some tenths of a second: whoever publishes waits for a
# minute at most, as a rule for seconds.
MOST_AFTER_PUBLISHING: Final = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a gap: `closed` when each of its questions is answered now."""

    gap_id: int
    closed: bool
    asked: tuple[AskedAgain, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The articles that its questions find, each once."""
        return tuple(dict.fromkeys(one.title for one in self.asked if one.title))


async def open_gaps(db: Database) -> list[int]:
    """The ids of the gaps that are open."""
    async with db.as_service() as connection:
        return [row["gap_id"] for row in await (await connection.execute(QUERIES["open_gaps"])).fetchall()]


async def check_gap(db: Database, embedder: Embedder, gap_id: int, *, thorough: bool = True) -> Checked:
    """Ask the questions of an open gap again, and close it when each is answered. Unless `thorough`, the first that is
    not answered is the last that is asked.

    NotFoundError when it is not open; EmbeddingError when no model is there to ask as a call would.
    """
    async with db.as_service() as connection:
        rows = await (await connection.execute(QUERIES["to_ask_again"], {"gap_id": gap_id})).fetchall()
    if not rows:
        raise NotFoundError("There is no such gap that is open.")
    await require_model(db, embedder, rows[0]["query"])
    asked: list[AskedAgain] = []
    for row in rows:
        asked.append(await ask_again(db, embedder, row))
        if not thorough and not asked[-1].answered:
            break
    checked = Checked(gap_id, False, tuple(asked))
    if not all(one.answered for one in asked):
        return checked
    titles = ", ".join(f"“{title}”" for title in checked.titles)
    reason = f"answered from {titles}"[:LONGEST_REASON]
    questions = sum(row["times"] for row in rows)
    return replace(checked, closed=await _close(db, {"gap_id": gap_id, "reason": reason, "questions": questions}))


async def check_open_gaps(db: Database, embedder: Embedder) -> AsyncIterator[Checked]:
    """Check every open gap, each when it is asked for; one that is closed or goes before its turn is left out."""
    for gap_id in await open_gaps(db):
        try:
            checked = await check_gap(db, embedder, gap_id)
        except NotFoundError:
            continue
        yield checked


async def close_answered(
    db: Database, embedder: Embedder, *, now: datetime, most: int = MOST_AFTER_PUBLISHING
) -> AsyncIterator[tuple[Gap, Checked]]:
    """The same once articles are new or changed: of the gaps that weigh most at `now`, `most` at most, and each only
    until it is known whether it can be closed.
    """
    for gap in await list_gaps(db, now=now, limit=most):
        try:
            checked = await check_gap(db, embedder, gap.gap_id, thorough=False)
        except NotFoundError:
            continue
        yield gap, checked


async def close_gap(db: Database, gap_id: int, reason: str) -> None:
    """Close a gap for a reason of the operator's; NotFoundError, InvalidInputError for a reason that is none."""
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise InvalidInputError(f"Give a reason of 1 to {LONGEST_REASON} characters.")
    if not await _close(db, {"gap_id": gap_id, "reason": reason, "questions": None}):
        raise NotFoundError("There is no such gap.")


async def _close(db: Database, values: Mapping[str, Any]) -> bool:
    async with db.as_service() as connection:
        # a statement of its own: one that has waited does not count the question it has waited for
        await connection.execute(QUERIES["lock_gaps"])
        return (await connection.execute(QUERIES["close_gap"], values)).rowcount == 1
