"""Help articles: documents become chunks with vectors and postings, questions become evidence with citations.

Here are reading and ingesting documents, an article's versions and drafts, the search with its confidence, follow-ups
and questions of several parts, and the article page's access rule; `measuring` says how well that works on a company's
own questions. What is said with the evidence lives in `agent`, the models in `voice`.
"""

from insta_voice.knowledge.articles import (
    Article,
    generate_embedding,
    get_article,
    query_knowledge_base,
    store_knowledge_base_article,
)
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.embedders import Embedders, embedders_of
from insta_voice.knowledge.embedding import (
    Embedder,
    HttpEmbedder,
    LocalEmbedder,
    current_embedder,
    use_embedder,
)
from insta_voice.knowledge.evidence import Choice, Context, Evidence, Passage, Sentence
from insta_voice.knowledge.indexes import Index, IndexProgress, read_progress
from insta_voice.knowledge.ingestion import ingest
from insta_voice.knowledge.listing import ListedArticle, list_articles, list_source
from insta_voice.knowledge.lookup import Found, FoundArticle, find_answers, find_articles, left_out
from insta_voice.knowledge.names import key_terms
from insta_voice.knowledge.questions import asks
from insta_voice.knowledge.removal import list_from, remove_articles, remove_from, remove_source
from insta_voice.knowledge.report import Failure, Report
from insta_voice.knowledge.retrieval import gather_evidence
from insta_voice.knowledge.upkeep import keep_indexes
from insta_voice.knowledge.versions.drafts import NOT_WRITTEN, begin_article, discard_draft, draft_article, list_drafts
from insta_voice.knowledge.versions.files import as_file, read_draft
from insta_voice.knowledge.versions.history import Version, VersionText, get_version, list_versions
from insta_voice.knowledge.versions.publishing import publish, restore_version
from insta_voice.knowledge.web import WebSource, ingest_web, visitor_of

__all__ = [
    "NOT_WRITTEN",
    "Article",
    "Choice",
    "Context",
    "Document",
    "Embedder",
    "Embedders",
    "Evidence",
    "Failure",
    "Found",
    "FoundArticle",
    "HttpEmbedder",
    "Index",
    "IndexProgress",
    "ListedArticle",
    "LocalEmbedder",
    "Passage",
    "Report",
    "Sentence",
    "Version",
    "VersionText",
    "WebSource",
    "as_file",
    "asks",
    "begin_article",
    "current_embedder",
    "discard_draft",
    "draft_article",
    "embedders_of",
    "find_answers",
    "find_articles",
    "gather_evidence",
    "generate_embedding",
    "get_article",
    "get_version",
    "ingest",
    "ingest_web",
    "keep_indexes",
    "key_terms",
    "left_out",
    "list_articles",
    "list_drafts",
    "list_from",
    "list_source",
    "list_versions",
    "publish",
    "query_knowledge_base",
    "read_draft",
    "read_progress",
    "remove_articles",
    "remove_from",
    "remove_source",
    "restore_version",
    "store_knowledge_base_article",
    "use_embedder",
    "visitor_of",
]
