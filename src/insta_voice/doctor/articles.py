"""The help articles: are there any, and can they be searched with the model that the settings name."""

from typing import Final

from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.doctor.database import QUERIES
from insta_voice.doctor.findings import Finding, ok, warning
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.knowledge import IndexProgress, read_progress
from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.stack.demo_content import wanted_demo

PART: Final = "articles"


async def check_articles(surroundings: Surroundings, db: Database) -> list[Finding]:
    """Is there anything to answer from, in vectors of the model that questions are searched with."""
    settings = surroundings.settings
    async with db.as_service() as connection:
        row = await (await connection.execute(QUERIES["articles"])).fetchone()
    assert row is not None
    if not row["articles"] and surroundings.up is None and wanted_demo(settings).articles:
        return [ok(PART, f"There are no help articles yet; {command('up')} loads the demo company's.")]
    if not row["articles"]:
        return [
            warning(
                PART,
                "There are no help articles, so every question is passed on to a person.",
                f"Load them: {command('kb ingest ./articles')}",
            )
        ]
    model = settings.openai.embedding_model if settings.knowledge.embeddings == "openai" else LOCAL_MODEL
    indexes = await read_progress(db)
    return [_wanted(model, indexes) or ok(PART, f"{row['articles']} help articles can be searched.")]


def _wanted(model: str, indexes: list[IndexProgress]) -> Finding | None:
    """What keeps the articles from being searched with `model`."""
    asked = next((progress.index.model for progress in indexes if progress.index.state == "in use"), None)
    wanted = next((progress for progress in indexes if progress.index.model == model), None)
    meanwhile = f"{asked} is searched meanwhile" if asked else "they are searched by their words meanwhile"
    if wanted is None:
        return warning(
            PART,
            f"The articles have no vectors of {model} yet; {meanwhile}.",
            f"A job worker makes them: {command('jobs')}",
        )
    index, lacking = wanted.index, wanted.chunks - wanted.vectors
    done = f"{wanted.vectors} of {wanted.chunks}"
    if index.state == "in use" and lacking:
        return warning(
            PART,
            f"{lacking} passages have no vector of {model}: they are found by their words only.",
            f"Load your articles again: {command('kb ingest ./articles')}",
        )
    if index.state != "in use" and index.waits:
        return warning(
            PART,
            f"The index of {model} has {done} passages and waits: {index.trouble}; {meanwhile}.",
            "It goes on by itself; for HTTP 401, 403 or 404 look at the OpenAI settings, for 400, "
            "413 or 422 shorten the passage.",
        )
    if index.state != "in use":
        return warning(
            PART,
            f"The index of {model} has {done} passages; {meanwhile}.",
            f"A job worker fills it: {command('kb status')} shows how far it is.",
        )
    return None
