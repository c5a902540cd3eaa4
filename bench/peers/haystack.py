"""Haystack: PgvectorDocumentStore with its embedding and its keyword retriever, joined by DocumentJoiner.

Its defaults: cosine similarity; HNSW with pgvector's m 16, ef_construction 64 and ef_search 40; keywords by
`plainto_tsquery`, which wants every word of the question in one chunk, ranked by `ts_rank_cd`; no BM25. The lists are
joined by reciprocal rank, as its hybrid examples do (its own default, concatenation, compares scores of two scales). A
store holds one connection, so callers at once wait for one another. A metadata field has no index.
"""

from collections.abc import Sequence
from typing import Any, Self

from bench.peers.peer import Row
from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.utils import Secret
from haystack_integrations.components.retrievers.pgvector import PgvectorEmbeddingRetriever, PgvectorKeywordRetriever
from haystack_integrations.document_stores.pgvector import PgvectorDocumentStore

from insta_voice.knowledge import Embedder
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS

_AT_ONCE = 1000


class Haystack:
    """See Peer. Its components are called one after the other: a Pipeline would add its own time."""

    def __init__(self, store: PgvectorDocumentStore, embedder: Embedder) -> None:
        self._store, self._embedder = store, embedder
        self._by_vector = PgvectorEmbeddingRetriever(document_store=store)
        self._by_words = PgvectorKeywordRetriever(document_store=store)
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    @classmethod
    async def open(cls, url: str, embedder: Embedder) -> Self:
        store = PgvectorDocumentStore(
            connection_string=Secret.from_token(url),
            table_name="haystack_chunks",
            embedding_dimension=LOCAL_DIMENSIONS,
            search_strategy="hnsw",
        )
        return cls(store, embedder)

    async def load(self, rows: Sequence[Row]) -> None:
        for begun in range(0, len(rows), _AT_ONCE):
            await self._store.write_documents_async([_document(row) for row in rows[begun : begun + _AT_ONCE]])

    async def search(self, question: str, audiences: Sequence[str], count: int) -> list[int]:
        only: dict[str, Any] = {"field": "meta.audience", "operator": "in", "value": list(audiences)}
        (vector,) = await self._embedder.embed([question])
        near = await self._by_vector.run_async(query_embedding=vector, filters=only, top_k=count)
        named = await self._by_words.run_async(query=question, filters=only, top_k=count)
        joined = self._joiner.run(documents=[near["documents"], named["documents"]], top_k=count)
        return [int(document.id) for document in joined["documents"]]

    async def aclose(self) -> None:
        await self._store.close_async()


def _document(row: Row) -> Document:
    return Document(id=str(row.chunk_id), content=row.text, meta={"audience": row.audience}, embedding=row.vector)
