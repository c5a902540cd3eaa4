"""How well questions find their articles, and how sure the search may be.

    python -m bench.retrieval [--data FOLDER] [--fit] [--words]

Without a folder: the demo company's articles and questions, and some of these misspelt ("of" says which). With one:
also `corpus.jsonl` and `queries_dev.jsonl` in it ({"id","text","relevant","answerable"}; a query's "source" makes a
row of its own). --fit prints the weights for insta_voice/knowledge/confidence.py, fitted also on the folder's questions
with their articles taken away. --words searches as a call does while the embedding model is away. Runs on a Postgres
of its own in a temporary directory.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from bench.confidence_fit import Sample, cross_validated, false_answers, fit
from bench.server import temporary_server

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import Embedder, LocalEmbedder, ingest
from insta_voice.knowledge.confidence import confidence, signals_of
from insta_voice.knowledge.hits import Hit
from insta_voice.knowledge.measuring.calibration import auroc
from insta_voice.knowledge.measuring.ranking import ndcg, recall
from insta_voice.knowledge.questions import strip_fillers
from insta_voice.knowledge.retrieval import PATIENCE_S
from insta_voice.knowledge.search import CHUNKS_PER_ARTICLE, MATCH_COUNT, search
from insta_voice.voice.local.text_vectors import TextVectors

_SET_STATUS = "update public.knowledge_articles set status = %(status)s where external_id = any(%(ids)s::text[])"
CHECKOUT = Path(__file__).parents[1]
AUDIENCES = ("everyone", "plan:team", "plan:business")
# In the fit a demo question counts twice, because callers' questions are short as those are; one without an answer
# half as much again, because a wrong answer is worse than none. One whose articles were taken away counts half: nobody
# has asked it of these articles, and now and then another one answers it.
DEMO_WEIGHT, NO_ANSWER_WEIGHT, HIDDEN_WEIGHT = 2.0, 1.5, 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what was found: `took_ms` is the search without the question's vector."""

    group: str
    question: dict[str, Any]
    hits: list[Hit]
    took_ms: float
    by_words: bool
    is_hidden: bool = False

    @property
    def is_answered(self) -> bool:
        """What the confidence is to say: that an article answers; by words alone, that the first one found does."""
        answerable = bool(self.question["answerable"]) and not self.is_hidden
        return answerable and (not self.by_words or bool({*self.articles[:1]} & {*self.question["relevant"]}))

    @property
    def articles(self) -> list[str]:
        return list(dict.fromkeys(hit.passage.external_id or hit.passage.article_id for hit in self.hits))


class Remembering:
    """The model, with a text embedded once only: the timings are then of the database alone."""

    def __init__(self, inner: LocalEmbedder) -> None:
        self._inner, self._known = inner, dict[str, list[float]]()
        self.model, self.dimensions = inner.model, inner.dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, await self._inner.embed(new), strict=True))
        return [self._known[text] for text in texts]


class Away:
    """The model, not to be reached."""

    def __init__(self, inner: Remembering) -> None:
        self.model, self.dimensions = inner.model, inner.dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        raise EmbeddingError


async def ask_all(
    articles: Path, questions: Sequence[Path], group: str, *, words: bool = False, hidden: bool = False
) -> list[Asked]:
    """Load the articles into a new database and ask every question, by words alone if so wanted; then, if `hidden`,
    those that have an answer with their articles taken away.
    """
    embedder = Remembering(LocalEmbedder(TextVectors()))
    asking = Away(embedder) if words else embedder
    async with temporary_server() as server, Database(server.url) as db:
        began = time.monotonic()
        print(f"{group}: {await ingest(db, embedder, [articles])}, {time.monotonic() - began:.0f} s")
        asked = [await ask_one(db, asking, question, group) for question in read(questions)]
        return [*asked, *(await ask_hidden(db, server.admin_url, asking, asked) if hidden else [])]


async def ask_hidden(db: Database, admin_url: str, embedder: Embedder, asked: Sequence[Asked]) -> list[Asked]:
    """Each of the questions that have an answer once more, while its articles are drafts."""
    again = []
    async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as connection:
        for one in asked:
            if relevant := list(one.question["relevant"]):
                await connection.execute(_SET_STATUS, {"status": "draft", "ids": relevant})
                found = await ask_one(db, embedder, one.question, one.group)
                again.append(replace(found, is_hidden=True))
                await connection.execute(_SET_STATUS, {"status": "published", "ids": relevant})
    return again


def read(questions: Sequence[Path]) -> list[dict[str, Any]]:
    """The questions of the files."""
    return [json.loads(line) for file in questions for line in file.read_text("utf-8").splitlines()]


async def ask_one(db: Database, embedder: Embedder, question: dict[str, Any], group: str) -> Asked:
    """Ask as a call does."""
    query = strip_fillers(question["text"]) or question["text"]
    if isinstance(embedder, Remembering):
        await embedder.embed([query])
    began = time.perf_counter()
    # ten distinct articles for nDCG@10; the first ten hits are what a call sees
    count = MATCH_COUNT * CHUNKS_PER_ARTICLE
    hits = await search(db, embedder, [query], audiences=AUDIENCES, match_count=count, patience_s=PATIENCE_S)
    took_ms = 1000 * (time.perf_counter() - began)
    return Asked(question.get("source", group), question, hits[0], took_ms, isinstance(embedder, Away))


def row(name: str, asked: Sequence[Asked]) -> str:
    """One line of the table."""
    known = [(a.articles, a.question["relevant"]) for a in asked if a.question["relevant"]]
    quality = np.mean([ndcg(found, dict.fromkeys(relevant, 1.0)) for found, relevant in known])
    at_5 = np.mean([recall(found, relevant) for found, relevant in known])
    sure = np.array([confidence(signals_of(a.hits[:MATCH_COUNT])) for a in asked])
    answered = np.array([a.is_answered for a in asked])
    separation = f"{auroc(sure, answered):.3f}" if not answered.all() else "-"
    right = np.mean((sure >= 0.5) == answered)
    p50, p95 = np.percentile([a.took_ms for a in asked], [50, 95])
    return (
        f"| {name} | {len(asked)} | {quality:.3f} | {at_5:.3f} | {separation} | {right:.2f} | {p50:.0f} / {p95:.0f} |"
    )


def samples(asked: Sequence[Asked], weight: float) -> list[Sample]:
    """The questions as the fit sees them."""
    return [
        Sample(
            signals_of(a.hits[:MATCH_COUNT]),
            a.is_answered,
            f"{a.group} {a.question['id']}",
            weight * counts(a),
            real=not a.is_hidden,
        )
        for a in asked
    ]


def counts(asked: Asked) -> float:
    """How much it does in a fit."""
    return HIDDEN_WEIGHT if asked.is_hidden else 1.0 if asked.is_answered else NO_ANSWER_WEIGHT


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder with corpus.jsonl and queries_dev.jsonl")
    parser.add_argument("--fit", action="store_true", help="fit the confidence and print its weights")
    parser.add_argument("--words", action="store_true", help="search by words alone, as while the model is away")
    wanted = parser.parse_args()

    questions = [CHECKOUT / "knowledge" / "questions.jsonl"]
    questions += [CHECKOUT / "bench" / name for name in ("more_questions.jsonl", "misspelt_questions.jsonl")]
    company = await ask_all(CHECKOUT / "knowledge" / "articles", questions, "demo company", words=wanted.words)
    demo = [a for a in company if "of" not in a.question]
    misspelt = {a.question["of"]: a for a in company if "of" in a.question}
    others: list[Asked] = []
    hidden: list[Asked] = []
    if wanted.data:
        queries = [wanted.data / "queries_dev.jsonl"]
        whole = wanted.fit and not wanted.words
        others = await ask_all(wanted.data / "corpus.jsonl", queries, "data", words=wanted.words, hidden=whole)
        others, hidden = [a for a in others if not a.is_hidden], [a for a in others if a.is_hidden]
    print("\n| questions | n | nDCG@10 | recall@5 | AUROC | right at 0.5 | search p50 / p95 ms |")
    print("|---|---|---|---|---|---|---|")
    groups = {a.group: [b for b in [*demo, *others] if b.group == a.group] for a in [*demo, *others]}
    for name, asked in groups.items():
        print(row(name, asked))
    print(row("some of the demo company", [a for a in demo if a.question["id"] in misspelt]))
    print(row("the same, misspelt", list(misspelt.values())))
    if len({a.group for a in others}) > 1:
        print(row("data, together", others))
    if wanted.fit:
        all_samples = [*samples(demo, DEMO_WEIGHT), *samples(others, 1.0), *samples(hidden, 1.0)]
        weights, bias = fit(all_samples)
        print(f"\n_WEIGHTS = {weights}\n_BIAS = {bias}")
        sure = cross_validated(all_samples)
        answered = np.array([s.answerable for s in all_samples])
        parts = {"demo company": slice(0, len(demo)), "data": slice(len(demo), len(demo) + len(others))}
        for name, part in parts.items():
            if len(answered[part]):
                wrong = false_answers(sure[part], answered[part], answered=0.9)
                print(f"cross-validated, {name}: AUROC {auroc(sure[part], answered[part]):.3f}, ", end="")
                print(f"false answers when 90 % of the answerable are answered {wrong:.0%}")


if __name__ == "__main__":
    asyncio.run(main())
