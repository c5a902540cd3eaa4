"""What our search has stored, for the peers to take."""

from collections.abc import Callable, Sequence

import psycopg
from bench.peers.peer import Row
from psycopg.rows import dict_row

from insta_voice.db import Queries
from insta_voice.knowledge.chunks import Chunk, embedded_text
from insta_voice.knowledge.embedding import LOCAL_MODEL

QUERIES = Queries.load("bench.peers", "peers.sql")
_SEPARATOR = ","


async def read_rows(url: str) -> list[Row]:
    """Every chunk that has a vector."""
    async with await psycopg.AsyncConnection.connect(url, row_factory=dict_row) as connection:
        found = await (await connection.execute(QUERIES["rows"], {"model": LOCAL_MODEL})).fetchall()
    return [
        Row(
            chunk_id=one["id"],
            article_id=one["article_id"],
            audience=_SEPARATOR.join(one["audience"]),
            text=embedded_text(one["title"], Chunk(one["heading"], one["text"], ())),
            vector=one["vector"],
        )
        for one in found
    ]


def who_hear(rows: Sequence[Row]) -> Callable[[Sequence[str]], list[str]]:
    """The rows' own words for what a caller of these audiences may hear: an article may be for several."""
    words = sorted({row.audience for row in rows})

    def heard(audiences: Sequence[str]) -> list[str]:
        return [word for word in words if {*word.split(_SEPARATOR)} & {*audiences}]

    return heard
