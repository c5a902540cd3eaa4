"""LlamaIndex: PGVectorStore, by its hybrid mode and by the fusion that its manual puts in the place of that.

Its defaults: cosine distance; HNSW with the values of its manual (m 16, ef_construction 64, ef_search 40); keywords by
`to_tsquery`, one word of the question being enough, ranked by `ts_rank`; no BM25. Hybrid mode puts what the keywords
find behind what the vectors find, without joining scores; QueryFusionRetriever joins them by their relative score.
The audience is an indexed metadata field, which the store offers.
"""

from collections.abc import Sequence
from typing import Any, Self

from bench.peers.peer import Row
from llama_index.core import VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from llama_index.vector_stores.postgres import PGVectorStore

from insta_voice.knowledge import Embedder
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS

_HNSW = {"hnsw_m": 16, "hnsw_ef_construction": 64, "hnsw_ef_search": 40, "hnsw_dist_method": "vector_cosine_ops"}
_AT_ONCE = 1000


class _Embedding(BaseEmbedding):
    """Our local model, for questions alone."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.model)
        self._embedder = embedder

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return (await self._embedder.embed([query]))[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        raise NotImplementedError

    def _get_text_embedding(self, text: str) -> list[float]:
        raise NotImplementedError


class LlamaIndex:
    """See Peer."""

    def __init__(self, store: PGVectorStore, index: VectorStoreIndex) -> None:
        self._store, self._index = store, index

    @classmethod
    async def open(cls, url: str, embedder: Embedder) -> Self:
        store = PGVectorStore.from_params(
            connection_string=url.replace("postgresql:", "postgresql+psycopg2:"),
            async_connection_string=url.replace("postgresql:", "postgresql+asyncpg:"),
            table_name="llama_index_chunks",
            embed_dim=LOCAL_DIMENSIONS,
            hybrid_search=True,
            hnsw_kwargs=dict(_HNSW),
            indexed_metadata_keys={("audience", "text")},
        )
        return cls(store, VectorStoreIndex.from_vector_store(store, embed_model=_Embedding(embedder)))

    async def load(self, rows: Sequence[Row]) -> None:
        for begun in range(0, len(rows), _AT_ONCE):
            await self._store.async_add([_node(row) for row in rows[begun : begun + _AT_ONCE]])

    async def search(self, question: str, audiences: Sequence[str], count: int) -> list[int]:
        found = await self._retriever(_only(audiences), count).aretrieve(question)
        return [int(node.node_id) for node in found[:count]]

    async def aclose(self) -> None:
        await self._store.close()

    def _retriever(self, filters: MetadataFilters, count: int) -> BaseRetriever:
        return self._by("hybrid", filters, count)

    def _by(self, mode: str, filters: MetadataFilters, count: int) -> BaseRetriever:
        options: dict[str, Any] = {"similarity_top_k": count, "sparse_top_k": count, "filters": filters}
        return self._index.as_retriever(vector_store_query_mode=mode, **options)


class LlamaIndexFused(LlamaIndex):
    """The same store, asked twice, joined."""

    def _retriever(self, filters: MetadataFilters, count: int) -> BaseRetriever:
        return QueryFusionRetriever(
            [self._by("default", filters, count), self._by("sparse", filters, count)],
            llm=MockLLM(),  # it wants one, and asks it nothing: the question is not rewritten
            mode=FUSION_MODES.RELATIVE_SCORE,
            similarity_top_k=count,
            num_queries=1,
        )


def _only(audiences: Sequence[str]) -> MetadataFilters:
    return MetadataFilters(filters=[MetadataFilter(key="audience", value=list(audiences), operator=FilterOperator.IN)])


def _node(row: Row) -> TextNode:
    return TextNode(id_=str(row.chunk_id), text=row.text, metadata={"audience": row.audience}, embedding=row.vector)
