"""What tests ask about postings and who hears them."""

from collections.abc import Sequence
from typing import Any

import psycopg

from insta_voice.db import Queries

QUERIES = Queries.load("tests.support", "hearings.sql")


async def search_by_words(
    connection: psycopg.AsyncConnection[Any], words: str, audiences: Sequence[str]
) -> list[dict[str, Any]]:
    """What is found by words alone, best first."""
    asked = {"words": words, "audiences": list(audiences)}
    return await (await connection.execute(QUERIES["search_by_words"], asked)).fetchall()
