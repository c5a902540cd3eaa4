"""Asking each question, in every setting, one round trip at a time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from insta_voice.db import Database
from insta_voice.knowledge.embedders import as_embedders
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.evidence import BY_WORDS
from insta_voice.knowledge.lookup import Found, find_articles
from insta_voice.knowledge.measuring.models import RunModels
from insta_voice.knowledge.measuring.question_file import Question
from insta_voice.knowledge.measuring.ranking import NDCG_DEPTH
from insta_voice.knowledge.measuring.setting import Setting
from insta_voice.knowledge.retrieval import PATIENCE_S


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what was found: `took_ms` in all, `search_ms` of it without the question's vector."""

    question: Question
    found: Found
    took_ms: float
    search_ms: float

    @property
    def article_ids(self) -> list[str]:
        """What was found, best first."""
        return [article.article_id for article in self.found.articles]


async def ask_each(
    db: Database,
    embedder: Embedder,
    questions: Sequence[Question],
    settings: Sequence[Setting],
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> list[list[Asked]]:
    """What every setting finds for every question, a list a setting.

    The settings take turns, question by question and each first as often as the other: what else the machine does then
    is no difference between them. Settings that search alike share what is found.
    """
    runs: list[_Run] = []
    for setting in settings:
        alike = next((run for run in runs if run.setting.searches_like(setting)), None)
        runs.append(alike or _Run(db, embedder, setting))
    different = list(dict.fromkeys(runs))
    for run in different:
        await run.warm_up(questions[0])
    for done, question in enumerate(questions):
        for run in different if done % 2 == 0 else reversed(different):
            await run.ask(question)
        progress(done + 1)
    return [run.asked for run in runs]


class _Run:
    def __init__(self, db: Database, embedder: Embedder, setting: Setting) -> None:
        self.setting = setting
        self.asked: list[Asked] = []
        self._db = db
        self._models = RunModels(as_embedders(embedder), setting.index)

    async def warm_up(self, question: Question) -> None:
        """The first question waits for connections and caches, which a running installation has."""
        await self._find(question)

    async def ask(self, question: Question) -> None:
        began, vectors_s = time.perf_counter(), self._models.vectors_s
        found = await self._find(question)
        took_s = time.perf_counter() - began
        search_s = took_s - (self._models.vectors_s - vectors_s)
        self.asked.append(Asked(question, found, 1000 * took_s, 1000 * search_s))

    async def _find(self, question: Question) -> Found:
        [found] = await find_articles(
            self._db,
            self._models,
            [question.text],
            audiences=self.setting.audiences,
            limit=NDCG_DEPTH,
            patience_s=PATIENCE_S if self.setting.index == BY_WORDS else None,
        )
        return found
