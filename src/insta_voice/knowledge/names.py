"""The names that a company's articles use, told to who recognises what its callers say."""

from insta_voice.db import Database, Queries

_QUERIES = Queries.load("insta_voice.knowledge", "names.sql")
# Whisper reads the last 224 tokens of a prompt, and a token of names is about three letters.
KEY_TERMS_CHARACTERS = 600
_SHORTEST_CHARACTERS = 4  # with what stands between two of them


async def key_terms(db: Database, user_id: str) -> tuple[str, ...]:
    """The names in what `user_id` may hear, the most telling first, of KEY_TERMS_CHARACTERS at most with ", " between.

    DBDriverError when the database is away.
    """
    most = KEY_TERMS_CHARACTERS // _SHORTEST_CHARACTERS
    async with db.as_user(user_id) as connection:
        rows = await (await connection.execute(_QUERIES["knowledge_names"], {"most": most})).fetchall()
    terms: list[str] = []
    left = KEY_TERMS_CHARACTERS
    for row in rows:
        left -= len(row["name"]) + len(", ")
        if left < 0:
            break
        terms.append(row["name"])
    return tuple(terms)
