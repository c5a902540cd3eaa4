"""Help articles: documents become chunks with vectors and postings, questions become evidence with citations.

Here are reading and ingesting documents, the search with its confidence, follow-ups and questions of several parts,
and the article page's access rule. What is said with the evidence lives in `agent`, the models in `voice`.
"""

from insta_voice.knowledge.articles import (
    Article,
    generate_embedding,
    get_article,
    query_knowledge_base,
    store_knowledge_base_article,
)
from insta_voice.knowledge.embedding import (
    Embedder,
    HttpEmbedder,
    LocalEmbedder,
    current_embedder,
    remote_embedder,
    use_embedder,
)
from insta_voice.knowledge.evidence import Context, Evidence, Passage, Sentence
from insta_voice.knowledge.ingestion import Failure, Report, ingest
from insta_voice.knowledge.listing import ListedArticle, list_articles, list_source
from insta_voice.knowledge.lookup import Found, FoundArticle, find_articles, left_out
from insta_voice.knowledge.questions import asks
from insta_voice.knowledge.removal import remove_articles, remove_source
from insta_voice.knowledge.retrieval import gather_evidence

__all__ = [
    "Article",
    "Context",
    "Embedder",
    "Evidence",
    "Failure",
    "Found",
    "FoundArticle",
    "HttpEmbedder",
    "ListedArticle",
    "LocalEmbedder",
    "Passage",
    "Report",
    "Sentence",
    "asks",
    "current_embedder",
    "find_articles",
    "gather_evidence",
    "generate_embedding",
    "get_article",
    "ingest",
    "left_out",
    "list_articles",
    "list_source",
    "query_knowledge_base",
    "remote_embedder",
    "remove_articles",
    "remove_source",
    "store_knowledge_base_article",
    "use_embedder",
]
