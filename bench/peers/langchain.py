"""LangChain: PGVectorStore of langchain-postgres, with its hybrid search.

Its defaults: cosine distance; HNSW with m 16 and ef_construction 64, ef_search as Postgres has it (40); keywords by
`plainto_tsquery`, which wants every word of the question in one chunk, ranked by `ts_rank_cd`; the two lists joined by
a weighted sum of their scores. It has no BM25. A filter needs the field as a column, which has no index.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Self

from bench.peers.peer import Row
from langchain_core.embeddings import Embeddings
from langchain_postgres import Column, PGEngine, PGVectorStore
from langchain_postgres.v2.hybrid_search_config import HybridSearchConfig
from langchain_postgres.v2.indexes import HNSWIndex
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from insta_voice.knowledge import Embedder
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS

_TABLE = "langchain_chunks"
_HYBRID = HybridSearchConfig(tsv_column="content_tsv")
_AT_ONCE = 5  # its pool: it stores a row a transaction


class _Embeddings(Embeddings):
    """Our local model. LangChain's own way to call it from no event loop is not used."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def aembed_query(self, text: str) -> list[float]:
        return (await self._embedder.embed([text]))[0]

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError


class LangChain:
    """See Peer."""

    def __init__(self, engine: PGEngine, store: PGVectorStore) -> None:
        self._engine, self._store = engine, store

    @classmethod
    async def open(cls, url: str, embedder: Embedder) -> Self:
        engine = PGEngine.from_engine(create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:")))
        with suppress(ProgrammingError):  # it is there
            await engine.ainit_vectorstore_table(
                _TABLE,
                LOCAL_DIMENSIONS,
                id_column=Column("langchain_id", "text", nullable=False),
                metadata_columns=[Column("audience", "text")],
                hybrid_search_config=_HYBRID,
            )
        store = await PGVectorStore.create(
            engine,
            _Embeddings(embedder),
            _TABLE,
            metadata_columns=["audience"],
            hybrid_search_config=_HYBRID,
        )
        return cls(engine, store)

    async def load(self, rows: Sequence[Row]) -> None:
        await asyncio.gather(*(self._store_all(rows[i::_AT_ONCE]) for i in range(_AT_ONCE)))
        await self._store.aapply_vector_index(HNSWIndex())
        await self._store.aapply_hybrid_search_index()

    async def search(self, question: str, audiences: Sequence[str], count: int) -> list[int]:
        # A store keeps the words of its first question for all later ones (langchain-postgres 0.0.19): each gets a
        # configuration of its own, as a user who has noticed gives it.
        hybrid = replace(
            _HYBRID,
            fts_query=question,
            primary_top_k=count,
            secondary_top_k=count,
            fusion_function_parameters={},
        )
        found = await self._store.asimilarity_search(
            question, count, {"audience": {"$in": list(audiences)}}, hybrid_search_config=hybrid
        )
        return [int(document.id or 0) for document in found]

    async def _store_all(self, rows: Sequence[Row]) -> None:
        await self._store.aadd_embeddings(
            [row.text for row in rows],
            [row.vector for row in rows],
            metadatas=[{"audience": row.audience} for row in rows],
            ids=[str(row.chunk_id) for row in rows],
        )

    async def aclose(self) -> None:
        await self._engine.close()
