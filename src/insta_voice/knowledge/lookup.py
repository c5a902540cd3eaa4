"""A question to articles: what the command line and the measurements ask, one line an article instead of passages.

`find_answers` asks as a caller does. `find_articles` searches each question alone and whole, and lists the articles too
that say what a better one says: what is expected of a question may be any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from insta_voice.db import Database
from insta_voice.knowledge.confidence import confidence, signals_of
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.folding import unfolded
from insta_voice.knowledge.hits import Hit
from insta_voice.knowledge.listing import list_articles
from insta_voice.knowledge.questions import strip_fillers
from insta_voice.knowledge.retrieval import Judged, judge
from insta_voice.knowledge.search import CHUNKS_PER_ARTICLE, MATCH_COUNT, search
from insta_voice.settings import get_settings

# So many questions share a round trip; each is answered on its own.
_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article and its best passage. `article_id` is the external id where there is one."""

    article_id: str
    title: str
    score: float
    passage: str
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """Distinct articles, best first, and how sure it is that they answer. `index` is as in Evidence.

    `question` is the one of several that they were found for; `asked_back` the two between which the caller would be
    asked to choose, none when they would not. Both are of `find_answers` alone.
    """

    confidence: float
    answerable: bool
    articles: tuple[FoundArticle, ...]
    index: str = ""
    question: str = ""
    asked_back: tuple[FoundArticle, ...] = ()

    def answered_at(self, threshold: float) -> bool:
        """Whether it would be answered if KNOWLEDGE_ANSWER_CONFIDENCE were `threshold`."""
        return bool(self.articles) and self.confidence >= threshold


async def find_articles(
    db: Database,
    embedder: Embedder,
    questions: Sequence[str],
    *,
    audiences: Sequence[str] = ("everyone",),
    limit: int = 10,
    patience_s: float | None = None,
) -> list[Found]:
    """The articles for each question, at most `limit`, among what the audiences may hear. `patience_s` is as for
    `search`.
    """
    found: list[Found] = []
    for start in range(0, len(questions), _TOGETHER):
        queries = [strip_fillers(q) or q for q in questions[start : start + _TOGETHER]]
        hits = await search(
            db,
            embedder,
            queries,
            audiences=audiences,
            match_count=max(limit * CHUNKS_PER_ARTICLE, MATCH_COUNT),
            patience_s=patience_s,
        )
        found += [_found(h, limit) for h in hits]
    return found


async def find_answers(
    db: Database, embedder: Embedder, question: str, *, audiences: Sequence[str] = ("everyone",), limit: int = 10
) -> tuple[Found, ...]:
    """What a caller of these audiences who begins with `question` would get, for each question in it; one without
    articles when it asks nothing. EmbeddingError when no model answers.
    """
    count = limit * CHUNKS_PER_ARTICLE
    return tuple(
        _answer(judged, limit) for judged in await judge(db, embedder, question, audiences=audiences, match_count=count)
    )


async def left_out(
    db: Database, embedder: Embedder, question: str, *, audiences: Sequence[str]
) -> list[tuple[str, ...]]:
    """The audiences of each article that answers `question` before any that `audiences` may hear."""
    listed = {article.article_id: article.audience for article in await list_articles(db)}
    everybody = list(dict.fromkeys(name for names in listed.values() for name in names))
    if not set(everybody) - set(audiences):
        return []
    [found] = await find_articles(db, embedder, [question], audiences=everybody)
    whose = [listed[article.article_id] for article in found.articles] if found.answerable else []
    return list(takewhile(lambda names: not set(names) & set(audiences), whose))


def _found(hits: Sequence[Hit], limit: int) -> Found:
    # judged by as many passages as in a call, so that both are equally sure
    sure = confidence(signals_of(hits[:MATCH_COUNT])) if hits else 0.0
    articles = _articles([hit.passage for hit in unfolded(hits)], limit)
    found = Found(sure, answerable=False, articles=articles, index=hits[0].passage.index if hits else "")
    return replace(found, answerable=found.answered_at(get_settings().knowledge.answer_confidence))


def _answer(judged: Judged, limit: int) -> Found:
    evidence = judged.evidence
    return Found(
        evidence.confidence,
        evidence.answerable and evidence.choice is None,
        _articles([hit.passage for hit in judged.hits], limit),
        evidence.index,
        evidence.question,
        _articles(evidence.choice.candidates, 2) if evidence.choice else (),
    )


def _articles(passages: Sequence[Passage], limit: int) -> tuple[FoundArticle, ...]:
    """The articles of the passages, each with the first of its own."""
    best: dict[str, Passage] = {}
    for passage in passages:
        best.setdefault(passage.article_id, passage)
    return tuple(
        FoundArticle(found.external_id or found.article_id, found.title, found.score, found.text, found.url)
        for found in islice(best.values(), limit)
    )
