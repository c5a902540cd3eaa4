"""How much nearer a passage is than the fifty behind the nearest ten, as the database counts it."""

from typing import Any

import pytest

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder
from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.knowledge.scale import LOCAL_SCALE
from insta_voice.knowledge.search import search

QUESTION = "How do I reset my password?"
_SEARCHED = """
select behind from insta.search_knowledge(
  %(question)s::text, %(vector)s::real[], %(model)s::text, %(audiences)s::text[], 1, 1)
"""
_BEHIND = """
select avg(n.cosine)::float8 as behind from (
  select 1 - (e.embedding <=> %(vector)s::real[]::vector) as cosine
  from chunk_embeddings e join knowledge_chunks c on c.id = e.chunk_id join knowledge_articles a on a.id = c.article_id
  where e.model = %(model)s and a.audience && %(audiences)s::text[]
  order by cosine desc limit 50 offset 10) n
"""


async def ask(db: Database, statement: str, values: dict[str, Any]) -> float | None:
    async with db.as_service() as connection:
        row = await (await connection.execute(statement, values)).fetchone()
    assert row is not None
    behind: float | None = row["behind"]
    return behind


@pytest.mark.parametrize("audience", ["everyone", "staff"])
async def test_it_is_counted_among_what_the_audience_may_hear(
    company: Database, embedder: LocalEmbedder, audience: str
) -> None:
    [vector] = await embedder.embed([QUESTION])
    values = {"vector": vector, "model": LOCAL_MODEL, "audiences": [audience], "question": QUESTION}
    exact = await ask(company, _BEHIND, values)
    assert await ask(company, _SEARCHED, values) == pytest.approx(exact, abs=1e-6)
    assert (exact is None) == (audience == "staff"), "of ten articles or fewer none is behind the nearest ten"
    [hits] = await search(company, embedder, [QUESTION], audiences=[audience])
    unrelated = LOCAL_SCALE.unrelated if exact is None else exact
    assert hits[0].ahead == pytest.approx(hits[0].cosine - unrelated, abs=1e-6)
