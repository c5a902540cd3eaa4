"""Questions as they are searched: with the company's names as its articles write them, and numbers in digits."""

from collections.abc import Sequence

from insta_voice.db import Database, Queries
from insta_voice.knowledge.misheard import Name, put_right, runs_of, words_of
from insta_voice.knowledge.spoken_numbers import with_digits

_QUERIES = Queries.load("insta_voice.knowledge", "understanding.sql")


async def with_names(
    db: Database, queries: Sequence[str], *, user_id: str | None, audiences: Sequence[str]
) -> list[str]:
    """The questions with their names as the articles write them, of what the user, or without one these audiences, may
    hear, and with their numbers in digits. DBDriverError when the database is away.
    """
    queries = [with_digits(query) for query in queries]
    heard = {
        "runs": sorted({run for query in queries for run in runs_of(query)}),
        "words": sorted({word for query in queries for word in words_of(query)}),
        "audiences": list(audiences),
    }
    if not heard["runs"] and not heard["words"]:
        return queries
    if user_id is not None:
        async with db.as_user(user_id) as connection:
            rows = await (await connection.execute(_QUERIES["names_heard_as_caller"], heard)).fetchall()
    else:
        async with db.as_service() as connection:
            rows = await (await connection.execute(_QUERIES["names_heard_for_audiences"], heard)).fetchall()
    names = [Name(**row) for row in rows]
    return [put_right(query, names) for query in queries]
