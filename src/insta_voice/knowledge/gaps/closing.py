"""Closing a gap: its questions are asked again, as those who asked them, or an operator says why it is none."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError, InvalidInputError, NotFoundError
from insta_voice.knowledge.embedders import as_embedders
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.evidence import BY_WORDS, Context, Evidence
from insta_voice.knowledge.gaps.recorded import QUERIES
from insta_voice.knowledge.question_vectors import vectors_of
from insta_voice.knowledge.retrieval import gather_evidence

LONGEST_REASON: Final = 500  # characters, the table's own limit
_PATIENCE_S: Final = 30.0  # nobody waits at the telephone: a busy model is waited for

_AWAY: Final = "The embedding model is away: nothing was asked again. Try again when it is back."


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A question, and what it finds now: the best article, "" for none, and how sure it is that it answers."""

    question: str
    answered: bool
    title: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a gap: `closed` when each of its questions is answered now."""

    gap_id: int
    closed: bool
    asked: tuple[AskedAgain, ...]


async def open_gaps(db: Database) -> list[int]:
    """The ids of the gaps that are open."""
    async with db.as_service() as connection:
        return [row["gap_id"] for row in await (await connection.execute(QUERIES["open_gaps"])).fetchall()]


async def check_gap(db: Database, embedder: Embedder, gap_id: int) -> Checked:
    """Ask the questions of an open gap again, and close it when each is answered.

    NotFoundError when it is not open; EmbeddingError when no model is there to ask as a call would.
    """
    async with db.as_service() as connection:
        rows = await (await connection.execute(QUERIES["to_ask_again"], {"gap_id": gap_id})).fetchall()
    if not rows:
        raise NotFoundError("There is no such gap that is open.")
    await _require_model(db, embedder, rows[0]["query"])
    asked = tuple([await _ask(db, embedder, row) for row in rows])
    closed = all(one.answered for one in asked)
    if closed:
        titles = ", ".join(f"“{title}”" for title in dict.fromkeys(one.title for one in asked))
        questions = sum(row["times"] for row in rows)
        reason = f"answered from {titles}"[:LONGEST_REASON]
        closed = await _close(db, {"gap_id": gap_id, "reason": reason, "questions": questions})
    return Checked(gap_id, closed, asked)


async def check_open_gaps(db: Database, embedder: Embedder) -> AsyncIterator[Checked]:
    """Check every open gap, each when it is asked for; one that is closed or goes before its turn is left out."""
    for gap_id in await open_gaps(db):
        try:
            checked = await check_gap(db, embedder, gap_id)
        except NotFoundError:
            continue
        yield checked


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


async def _require_model(db: Database, embedder: Embedder, query: str) -> None:
    """A call goes on by words alone while its model is away; what that does not find is no proof of anything."""
    try:
        await vectors_of(await as_embedders(embedder).to_ask(db), [query])
    except EmbeddingError as error:
        raise EmbeddingError(_AWAY) from error


async def _ask(db: Database, embedder: Embedder, row: Mapping[str, Any]) -> AskedAgain:
    """As the caller who asked it: what they may hear is what answers them."""
    question, query = row["question"], row["query"]
    before = query.removesuffix(question).strip()
    found = await gather_evidence(
        db,
        embedder,
        question if before else query,
        user_id=row["user_id"],
        context=Context(last_question=before or None),
        patience_s=_PATIENCE_S,
    )
    if any(part.index == BY_WORDS for part in found):
        raise EmbeddingError(_AWAY)  # it has gone since
    best = min(found, key=lambda part: part.confidence)
    title = best.passages[0].title if best.passages else ""
    return AskedAgain(query, all(_answers(part, row) for part in found), title, round(best.confidence, 4))


def _answers(found: Evidence, row: Mapping[str, Any]) -> bool:
    """What was answered before, and did not help, wants another article than before, or a newer version of it."""
    if not found.answerable:
        return False
    best = found.passages[0]
    told = {(source["article_id"], source["version"]) for source in row["sources"]}
    return "no_answer" in row["causes"] or (best.article_id, best.version) not in told
