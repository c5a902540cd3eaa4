"""A database with the demo company's articles and many made ones, and the questions that it is asked."""

import asyncio
import json
import time

from bench.retrieval import CHECKOUT
from bench.scale.corpus import AUDIENCES, Corpus, origins
from bench.scale.load import load

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest
from insta_voice.knowledge.documents import parse_markdown
from insta_voice.stack.postgres import EmbeddedPostgres

FILTER = ("everyone", "plan:team")  # what a caller of that plan may hear
RARE = (AUDIENCES[-1],)

_ARTICLES = CHECKOUT / "knowledge" / "articles"
_QUESTIONS = CHECKOUT / "knowledge" / "questions.jsonl"


def read_questions() -> list[str]:
    """The demo company's."""
    return [json.loads(line)["text"] for line in _QUESTIONS.read_text("utf-8").splitlines()]


async def fill(server: EmbeddedPostgres, db: Database, embedder: LocalEmbedder, *, chunks: int) -> None:
    """Store the demo company's articles and so many made chunks, and say how long it took."""
    await ingest(db, embedder, [_ARTICLES])
    documents = [parse_markdown(path.read_text("utf-8"), name=path.stem) for path in sorted(_ARTICLES.glob("*.md"))]
    began = time.monotonic()
    await asyncio.to_thread(load, server.admin_url, Corpus(origins(documents)), chunks=chunks)
    print(f"{chunks:,} chunks made and indexed in {time.monotonic() - began:.0f} s\n", flush=True)
