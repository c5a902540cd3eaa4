"""A question of a gap, asked again as the caller who asked it would ask: whether the articles answer it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.embedders import as_embedders
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.evidence import BY_WORDS, Choice, Context, Evidence
from insta_voice.knowledge.gaps.recorded import QUERIES
from insta_voice.knowledge.question_vectors import vectors_of
from insta_voice.knowledge.retrieval import gather_evidence

_PATIENCE_S: Final = 30.0  # nobody waits at the telephone: a busy model is waited for
_REPLIES: Final = ("the first one", "the second one")  # to "do you mean this or that?", as choosing.py reads them

_AWAY: Final = "The embedding model is away: nothing was asked again. Try again when it is back."


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A question, and what it finds now: the best article, "" for none, and how sure it is that it answers."""

    question: str
    answered: bool
    title: str
    confidence: float


async def require_model(db: Database, embedder: Embedder, query: str) -> None:
    """A call goes on by words alone while its model is away; what that does not find is no proof of anything.
    EmbeddingError then.
    """
    try:
        await vectors_of(await as_embedders(embedder).to_ask(db), [query])
    except EmbeddingError as error:
        raise EmbeddingError(_AWAY) from error


async def ask_again(db: Database, embedder: Embedder, row: Mapping[str, Any]) -> AskedAgain:
    """Ask a row of `to_ask_again` as the caller who asked it: what they may hear is what answers them. Where they
    were asked back then, and are again, they choose the same article.
    """

    async def ask(heard: str, context: Context) -> tuple[Evidence, ...]:
        found = await gather_evidence(
            db, embedder, heard, user_id=row["user_id"], context=context, patience_s=_PATIENCE_S
        )
        if any(part.index == BY_WORDS for part in found):
            raise EmbeddingError(_AWAY)  # it has gone since
        return found

    if title := _chosen_title(row):
        found = await ask(row["question"], Context())
        choice = found[0].choice
        if choice is not None and (reply := await _reply(db, choice, title)) is not None:
            found = await ask(reply, Context(choice=choice))
    else:
        before = row["query"].removesuffix(row["question"]).strip()
        found = await ask(row["question"] if before else row["query"], Context(last_question=before or None))
    best = min(found, key=lambda part: part.confidence)
    answered = all([await _answers(db, part, row) for part in found])
    return AskedAgain(
        row["query"], answered, best.passages[0].title if best.passages else "", round(best.confidence, 4)
    )


def _chosen_title(row: Mapping[str, Any]) -> str:
    """Of a question that was asked back and decided, the title it was searched with (retrieval.py); else ""."""
    question: str = row["question"]
    query: str = row["query"]
    return query.removeprefix(question).strip() if row["was_asked_back"] and query.startswith(question) else ""


async def _reply(db: Database, choice: Choice, title: str) -> str | None:
    """What chooses the article that has this title, or had it before it was written anew; None when it is neither."""
    values = {"title": title, "article_ids": [passage.article_id for passage in choice.candidates]}
    async with db.as_service() as connection:
        rows = await (await connection.execute(QUERIES["titled"], values)).fetchall()
    titled = {row["article_id"] for row in rows}
    chosen = (reply for reply, one in zip(_REPLIES, choice.candidates, strict=True) if one.article_id in titled)
    return next(chosen, None)


async def _answers(db: Database, found: Evidence, row: Mapping[str, Any]) -> bool:
    """What was found before, and did not help, wants another article than was told, or a newer version of it."""
    if not found.answerable or not row["was_found"]:
        return found.answerable
    best = found.passages[0]
    if told := {(source["article_id"], source["version"]) for source in row["sources"]}:
        return (best.article_id, best.version) not in told
    values = {"article_id": best.article_id, "version": best.version, "asked_at": row["asked_at"]}
    async with db.as_service() as connection:
        return await (await connection.execute(QUERIES["written_since"], values)).fetchone() is not None
