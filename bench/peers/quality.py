"""Which articles each side finds for questions with known answers, and whether ours differs by more than luck."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bench.peers.side import OURS, Side

from insta_voice.knowledge.measuring.bootstrap import DRAWS, differences
from insta_voice.knowledge.measuring.outcomes import Outcomes
from insta_voice.knowledge.measuring.ranking import ndcg, recall, reciprocal_rank
from insta_voice.knowledge.search import CHUNKS_PER_ARTICLE, MATCH_COUNT

_HEAD = """
| questions | n | side | nDCG@10 | recall@5 | MRR | nDCG@10, ours minus theirs (95 %) |
|---|---|---|---|---|---|---|"""


def answerable(data: Path) -> list[dict[str, Any]]:
    """The questions of the folder that have an answer: others have no ranking to be right about."""
    lines = (data / "queries_dev.jsonl").read_text("utf-8").splitlines()
    return [question for question in map(json.loads, lines) if question["relevant"]]


async def compare(
    sides: Sequence[Side], questions: Sequence[dict[str, Any]], article_of: Mapping[int, str], *, draws: int = DRAWS
) -> None:
    """Print a line for each part of the questions and side; `draws` are those of the bootstrap."""
    # ten distinct articles for nDCG@10, as in bench.retrieval
    count = MATCH_COUNT * CHUNKS_PER_ARTICLE
    found = {side.name: [await _articles(side, q["text"], count, article_of) for q in questions] for side in sides}
    print(_HEAD)
    sources = sorted({question["source"] for question in questions})
    for label, part in [*((source, [source]) for source in sources), ("together", sources)]:
        chosen = [i for i, question in enumerate(questions) if question["source"] in part]
        relevant = [questions[i]["relevant"] for i in chosen]
        outcomes = {name: outcomes_of([ranked[i] for i in chosen], relevant) for name, ranked in found.items()}
        for name, one in outcomes.items():
            change = "" if name == OURS else _ours_minus(one, outcomes[OURS], draws)
            figures = " | ".join(f"{np.mean(values):.3f}" for values in (one.ndcg, one.recall, one.reciprocal_rank))
            print(f"| {label} | {len(chosen)} | {name} | {figures} | {change} |", flush=True)


def outcomes_of(found: Sequence[Sequence[str]], relevant: Sequence[Sequence[str]]) -> Outcomes:
    """A peer has no confidence: it answers every question, and is sure of all."""
    rows = list(zip(found, relevant, strict=True))
    everywhere = np.ones(len(rows))
    return Outcomes(
        answerable=everywhere.astype(np.bool_),
        right=np.array([bool({*ranked[:1]} & {*wanted}) for ranked, wanted in rows], dtype=np.bool_),
        answered=everywhere.astype(np.bool_),
        confidence=everywhere,
        recall=np.array([recall(ranked, wanted) for ranked, wanted in rows]),
        ndcg=np.array([ndcg(ranked, dict.fromkeys(wanted, 1.0)) for ranked, wanted in rows]),
        reciprocal_rank=np.array([reciprocal_rank(ranked, wanted) for ranked, wanted in rows]),
        took_ms=np.zeros(len(rows)),
        search_ms=np.zeros(len(rows)),
    )


async def _articles(side: Side, question: str, count: int, article_of: Mapping[int, str]) -> list[str]:
    chunks = await side.ask(question, ("everyone",), count)
    return list(dict.fromkeys(article_of[chunk] for chunk in chunks))


def _ours_minus(theirs: Outcomes, mine: Outcomes, draws: int) -> str:
    found = differences(theirs, mine, draws=draws)["ndcg_at_10"]
    return f"{found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
