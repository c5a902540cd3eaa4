"""`kb status`: whose vectors the articles have, and how far each index is."""

import asyncio
from typing import Any

from insta_voice.cli.database import open_database
from insta_voice.cli.kb.common import AsJson
from insta_voice.cli.printing import on_one_line, to_json
from insta_voice.knowledge import IndexProgress, read_progress


def status_command(as_json: AsJson = False) -> None:
    """Which models' vectors the articles have, and how far each index is.

    Example: insta-voice kb status
    """
    indexes = asyncio.run(_status())
    if as_json:
        print(to_json([_as_dict(progress) for progress in indexes], indent=None))
    else:
        for progress in indexes:
            print(_as_sentence(progress))


async def _status() -> list[IndexProgress]:
    async with open_database() as db:
        return await read_progress(db)


def _as_sentence(progress: IndexProgress) -> str:
    """One line: the model, what its index is for, and how far it is."""
    index = progress.index
    model = f"{on_one_line(index.model)} ({index.dimensions} numbers)"
    since = f"since {index.since:%Y-%m-%d %H:%M} UTC"
    match index.state:
        case "in use":
            return f"{model} is searched, {since}: {progress.vectors} of {progress.chunks} passages."
        case "ready":
            return f"{model} stands in for it: {progress.vectors} of {progress.chunks} passages."
        case "retired":
            return f"{model} is not used any more, {since}: {progress.vectors} vectors are still to be removed."
    waits = f" It waits until {index.waits_until:%H:%M} UTC ({index.trouble})." if index.waits else ""
    return f"{model} is being filled: {progress.vectors} of {progress.chunks} passages.{waits}"


def _as_dict(progress: IndexProgress) -> dict[str, Any]:
    index = progress.index
    return {
        "model": index.model,
        "dimensions": index.dimensions,
        "state": index.state,
        "since": index.since,
        "vectors": progress.vectors,
        "passages": progress.chunks,
        "trouble": index.trouble,
        "waits_until": index.waits_until if index.waits else None,
    }
