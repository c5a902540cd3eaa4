"""Questions as they are searched: with names and words as the company's articles write them, and numbers in digits."""

from collections.abc import Sequence

from insta_voice.db import Database, Queries
from insta_voice.knowledge.misheard import Name, nearest_names, put_right, runs_of, words_of
from insta_voice.knowledge.spelling import Spelling, is_in_english, misspelt_of, spelled_right
from insta_voice.knowledge.spoken_numbers import with_digits
from insta_voice.languages import ENGLISH
from insta_voice.settings import get_settings

_QUERIES = Queries.load("insta_voice.knowledge", "understanding.sql")


async def with_names(
    db: Database, queries: Sequence[str], *, user_id: str | None, audiences: Sequence[str]
) -> list[str]:
    """The questions with their names and misspelt words as the articles write them, of what the user, or without one
    these audiences, may hear, and with their numbers in digits. DBDriverError when the database is away.
    """
    queries = [with_digits(query) for query in queries]
    heard = {
        "runs": sorted({run for query in queries for run in runs_of(query)}),
        "words": sorted({word for query in queries for word in words_of(query)}),
        "misspelt": sorted({word for query in queries if _may_be_english(query) for word in misspelt_of(query)}),
        "audiences": list(audiences),
    }
    if not heard["runs"] and not heard["words"]:
        return queries
    if user_id is not None:
        async with db.as_user(user_id) as connection:
            rows = await (await connection.execute(_QUERIES["words_heard_as_caller"], heard)).fetchall()
    else:
        async with db.as_service() as connection:
            rows = await (await connection.execute(_QUERIES["words_heard_for_audiences"], heard)).fetchall()
    spellings = [Spelling(row["heard"], row["name"], row["term"]) for row in rows if row["term"]]
    names = [
        Name(row["heard"], row["name"], row["articles"], is_alike=row["is_alike"], sounds_so=row["sounds_so"])
        for row in rows
        if not row["term"]
    ]
    like_names = nearest_names(names)
    return [put_right(spelled_right(query, spellings, like_names), names) for query in queries]


def _may_be_english(query: str) -> bool:
    """Where calls are in other languages too, a question has to look like English."""
    return get_settings().languages == (ENGLISH,) or is_in_english(query)
