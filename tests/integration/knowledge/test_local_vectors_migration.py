"""An installation with vectors of one local model, now that there are two: which indexes are asked, which filled."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from tests.integration.test_backup import new_database
from tests.support.hearings import QUERIES

from insta_voice.db import migrate
from insta_voice.db.migrations import read_migrations
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, LOCAL_MODEL
from insta_voice.stack.postgres import EmbeddedPostgres

OLD, OPENAI = "all-MiniLM-L6-v2", "text-embedding-3-small"
OLDER = frozenset(one.version for one in read_migrations() if one.version < "20261127131500")
_VECTOR = """
insert into chunk_embeddings (chunk_id, model, embedding)
select id, %s::text, array_fill(0.1, array[%s::integer])::vector from knowledge_chunks
"""


async def states(connection: psycopg.AsyncConnection[dict[str, Any]]) -> dict[str, str]:
    rows = await (await connection.execute("select model, state from knowledge_indexes")).fetchall()
    return {row["model"]: row["state"] for row in rows}


async def hnsw(connection: psycopg.AsyncConnection[dict[str, Any]], model: str) -> int:
    """How many HNSW indexes hold the vectors of this model."""
    counted = "select count(*) as n from pg_indexes where indexdef like '%%hnsw%%' and strpos(indexdef, %s) > 0"
    row = await (await connection.execute(counted, [f"'{model}'"])).fetchone()
    assert row is not None
    return int(row["n"])


@pytest.mark.parametrize(
    ("vectors", "before", "after"),
    [
        ({}, {OLD: "in use"}, {LOCAL_MODEL: "in use"}),
        ({OLD: 384}, {OLD: "in use"}, {OLD: "retired", LOCAL_MODEL: "filling"}),
        (
            {OPENAI: 1536, OLD: 384},
            {OPENAI: "in use", OLD: "ready"},
            {OPENAI: "in use", OLD: "retired", LOCAL_MODEL: "filling"},
        ),
    ],
)
async def test_the_new_index_takes_the_old_ones_place(
    postgres: EmbeddedPostgres, vectors: dict[str, int], before: dict[str, str], after: dict[str, str]
) -> None:
    async with new_database(postgres) as database:
        await migrate(database.admin_url, only=OLDER)
        async with await psycopg.AsyncConnection.connect(
            database.admin_url, row_factory=dict_row, autocommit=True, prepare_threshold=None
        ) as connection:
            if vectors:
                await connection.execute(QUERIES["article"], {"name": "pier", "audience": "everyone", "text": "a pier"})
            for model, dimensions in vectors.items():
                await connection.execute("select insta.register_index(%s, %s)", [model, dimensions])
                await connection.execute(_VECTOR, [model, dimensions])
            await connection.execute("update knowledge_indexes set state = 'ready'")
            in_use = next(model for model, state in before.items() if state == "in use")
            await connection.execute("update knowledge_indexes set state = 'in use' where model = %s", [in_use])
            assert await states(connection) == before
            await migrate(database.admin_url)
            assert await states(connection) == after
            assert (await hnsw(connection, LOCAL_MODEL), await hnsw(connection, OLD)) == (1, 0)
            # a server of one's own may still have a model of the old name
            await connection.execute("delete from chunk_embeddings where model = %s", [OLD])
            await connection.execute("select insta.register_index(%s, 384)", [OLD])
            await connection.execute("select insta.register_index(%s, %s)", [LOCAL_MODEL, LOCAL_DIMENSIONS])
            assert (await hnsw(connection, LOCAL_MODEL), await hnsw(connection, OLD)) == (1, 1)
