"""Promise 25: a search for few among many gives as many passages as were asked for, and those an exact search gives."""

from tests.support.many_chunks import by_vector_index, exact, many_chunks, questions, search
from tests.support.postgres import TestDatabase

CHUNKS, QUESTIONS = 10_000, 20
RECALL = 0.95


async def test_what_few_may_hear_is_found_as_if_every_vector_were_compared(database: TestDatabase) -> None:
    """Staff's articles are 1 %, the plan's 10 %: the 60 nearest of all hold none of the ones, few of the others."""
    async with many_chunks(database.admin_url, CHUNKS) as connection:
        asked = await questions(connection, QUESTIONS)
        for audience in ("staff", "plan:team", "everyone"):
            for way in (search, by_vector_index):
                shares = []
                for vector in asked:
                    found = await way(connection, "", vector, audience)
                    assert len(found) == 10
                    shares.append(len({*found} & {*await exact(connection, "", vector, audience)}) / 10)
                assert sum(shares) / len(shares) >= RECALL, audience
