"""A file of questions asked in one setting, or in two side by side, in figures."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.listing import list_articles
from insta_voice.knowledge.measuring.asking import Asked, ask_each
from insta_voice.knowledge.measuring.bootstrap import Difference, differences
from insta_voice.knowledge.measuring.calibration import Bin, reliability
from insta_voice.knowledge.measuring.expectations import Hidden, hidden_from, known_questions
from insta_voice.knowledge.measuring.measures import MEASURES
from insta_voice.knowledge.measuring.outcomes import outcomes
from insta_voice.knowledge.measuring.question_file import LeftOut, Question
from insta_voice.knowledge.measuring.setting import Setting
from insta_voice.knowledge.measuring.thresholds import AtThreshold, by_threshold
from insta_voice.knowledge.validity import today
from insta_voice.knowledge.versions.drafts import list_drafts


@dataclass(frozen=True, slots=True)
class Run:
    """One setting. `figures` have the names of MEASURES, and are NaN where the file has no question for one.

    `asked_of` counts questions by the index they were found with, "words" for none; those that found nothing name none.
    """

    setting: Setting
    asked: tuple[Asked, ...]
    hidden: Hidden | None
    figures: Mapping[str, float]
    reliability: tuple[Bin, ...]
    thresholds: tuple[AtThreshold, ...]
    asked_of: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """The runs, one a setting; of two, `differences` are the second's figures minus the first's."""

    questions: tuple[Question, ...]
    left_out: tuple[LeftOut, ...]
    runs: tuple[Run, ...]
    differences: Mapping[str, Difference]


async def measure(
    db: Database,
    embedder: Embedder,
    questions: Sequence[Question],
    setting: Setting,
    beside: Setting | None = None,
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> Measured:
    """Ask every question whose articles are heard today; `left_out` names the others. Without any there is no run."""
    articles = await list_articles(db)
    if not articles:
        raise InvalidInputError(f"There are no help articles. Load them: `{command('kb ingest')}`.")
    known, left_out = known_questions(questions, articles, await list_drafts(db), today())
    if not known:
        return Measured((), tuple(left_out), (), {})
    settings = [setting] if beside is None else [setting, beside]
    asked = await ask_each(db, embedder, known, settings, progress=progress)
    runs = [
        _run(one, of_it, hidden_from(one.audiences, known, articles))
        for one, of_it in zip(settings, asked, strict=True)
    ]
    compared = [outcomes(run.asked, run.setting.confidence) for run in runs]
    found = await asyncio.to_thread(differences, *compared) if beside else {}  # seconds, in no event loop
    return Measured(tuple(known), tuple(left_out), tuple(runs), found)


def _run(setting: Setting, asked: Sequence[Asked], hidden: Hidden | None) -> Run:
    came_of_it = outcomes(asked, setting.confidence)
    return Run(
        setting=setting,
        asked=tuple(asked),
        hidden=hidden,
        figures={name: measure.of(came_of_it) for name, measure in MEASURES.items()},
        reliability=reliability(came_of_it.confidence, came_of_it.right),
        thresholds=by_threshold(asked, setting.confidence),
        asked_of=Counter(one.found.index for one in asked if one.found.index),
    )
