"""Whether our search and its gate are better than what anybody would build first, by more than luck.

    python -m bench.floor --data FOLDER

`corpus.jsonl` and `queries_dev.jsonl` of the folder, as in bench.retrieval.

Search: score fusion (the chunk's cosine and 0.3 × BM25 as a share of the question's best) beside ours, as it is and
with its weights chosen on nine tenths of the questions for the last.

Gate: a logistic regression of the best cosine, the best sentence's, the title's BM25 and the lead over the second
article by score fusion, beside ours; both fitted on the other folds, with the demo company's questions as in
bench.retrieval. Differences with their 95 % interval, by a paired bootstrap over the questions.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.confidence_fit import Sample, cross_validated, false_answers
from bench.floor.figures import Figures, Index, lexemes
from bench.floor.fusion import GRID, SCORE_FUSION, chosen_elsewhere, quality, scores
from bench.retrieval import CHECKOUT, DEMO_WEIGHT, NO_ANSWER_WEIGHT, Asked, Remembering, ask_one, read, samples
from bench.server import temporary_server

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest
from insta_voice.knowledge.confidence import Signals
from insta_voice.knowledge.measuring.calibration import Numbers, auroc
from insta_voice.knowledge.measuring.ranking import ndcg
from insta_voice.knowledge.questions import strip_fillers
from insta_voice.voice.local.minilm import MiniLM

DRAWS = 10_000
ANSWERED = 0.9


@dataclass(frozen=True, slots=True)
class Side:
    """The questions of a corpus: what our search found for each, and the figures of every chunk."""

    asked: list[Asked]
    figures: list[Figures]
    articles: list[str]

    def gate(self, weight: float) -> list[Sample]:
        """The questions as the logistic gate sees them; `weight` as in bench.retrieval."""
        return [
            Sample(self._signals(figures), one.is_answered, weight * (1.0 if one.is_answered else NO_ANSWER_WEIGHT))
            for one, figures in zip(self.asked, self.figures, strict=True)
        ]

    def _signals(self, figures: Figures) -> Signals:
        """In the fields that Sample has for ours; a figure that is always the same says nothing."""
        by_chunk = scores(figures, SCORE_FUSION)
        best: dict[str, float] = {}
        for article, score in zip(self.articles, by_chunk, strict=True):
            best[article] = max(score, best.get(article, 0.0))
        first, second = sorted(best.values(), reverse=True)[:2]
        return Signals(
            cosine=float(figures.cosine.max()),
            sentence_cosine=float(figures.sentence_cosine.max()),
            lexical=float(figures.title_bm25.max()),
            margin=first - second,
        )


async def ask_side(articles: Path, questions: Sequence[Path], group: str) -> Side:
    """Load the articles into a new database, ask every question, and count."""
    embedder = Remembering(LocalEmbedder(MiniLM()))
    async with temporary_server() as server, Database(server.url) as db:
        print(f"{group}: {await ingest(db, embedder, [articles])}", flush=True)
        lines = read(questions)
        asked = [await ask_one(db, embedder, question, group) for question in lines]
        index = await asyncio.to_thread(Index, server.admin_url)
        texts = [strip_fillers(question["text"]) or question["text"] for question in lines]
        words = await asyncio.to_thread(lexemes, server.admin_url, texts)
        vectors = await embedder.embed(texts)
    figures = [index.figures(vector, terms) for vector, terms in zip(vectors, words, strict=True)]
    return Side(asked, figures, index.articles)


def interval(count: int, difference: Callable[[Numbers], float]) -> str:
    """`difference` of drawn rows of `count` questions."""
    chance = np.random.default_rng(0)
    drawn = [difference(chance.integers(0, count, count)) for _ in range(DRAWS)]
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return f"{difference(np.arange(count)):+.3f} ({low:+.3f} to {high:+.3f})"


def compare_search(side: Side) -> None:
    """Print a line for each part and way."""
    known = [number for number, one in enumerate(side.asked) if one.question["relevant"]]
    figures = [side.figures[number] for number in known]
    relevant = [side.asked[number].question["relevant"] for number in known]
    parts = [side.asked[number].group for number in known]
    fused = quality(side.articles, figures, relevant, SCORE_FUSION)
    ours = np.array([ndcg(side.asked[n].articles, dict.fromkeys(r, 1.0)) for n, r in zip(known, relevant, strict=True)])
    chosen = chosen_elsewhere(np.array([quality(side.articles, figures, relevant, w) for w in GRID]), parts)
    print("\n| questions | n | score fusion | ours | minus fusion | weights chosen elsewhere | minus fusion |")
    print("|---|---|---|---|---|---|---|")
    for name in (*sorted(set(parts)), "together"):
        of = np.array([name in (part, "together") for part in parts])
        one, other, third = fused[of], ours[of], chosen[of]
        columns = [f"{one.mean():.3f}"]
        for better in (other, third):
            gain = better - one
            columns += [f"{better.mean():.3f}", interval(len(gain), lambda rows, gain=gain: float(gain[rows].mean()))]
        print(f"| {name} | {of.sum()} | {' | '.join(columns)} |")


def compare_gate(demo: Side, data: Side) -> None:
    """Print both gates, and how they differ."""
    ours = cross_validated([*samples(demo.asked, DEMO_WEIGHT), *samples(data.asked, 1.0)])[len(demo.asked) :]
    other = cross_validated([*demo.gate(DEMO_WEIGHT), *data.gate(1.0)])[len(demo.asked) :]
    answered = np.array([one.is_answered for one in data.asked])

    def better(rows: Numbers) -> float:
        return auroc(ours[rows], answered[rows]) - auroc(other[rows], answered[rows])

    def fewer(rows: Numbers) -> float:
        return false_answers(ours[rows], answered[rows], ANSWERED) - false_answers(
            other[rows], answered[rows], ANSWERED
        )

    print("\n| gate, cross-validated | logistic | ours | difference |\n|---|---|---|---|")
    print(f"| AUROC | {auroc(other, answered):.3f} | {auroc(ours, answered):.3f} | {interval(len(ours), better)} |")
    print(
        f"| false answers when {ANSWERED:.0%} of the answerable are answered | "
        f"{false_answers(other, answered, ANSWERED):.2f} | {false_answers(ours, answered, ANSWERED):.2f} | "
        f"{interval(len(ours), fewer)} |"
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder with corpus.jsonl and queries_dev.jsonl")
    wanted = parser.parse_args()
    questions = [CHECKOUT / "knowledge" / "questions.jsonl", CHECKOUT / "bench" / "more_questions.jsonl"]
    demo = await ask_side(CHECKOUT / "knowledge" / "articles", questions, "demo company")
    data = await ask_side(wanted.data / "corpus.jsonl", [wanted.data / "queries_dev.jsonl"], "data")
    compare_search(data)
    compare_gate(demo, data)


if __name__ == "__main__":
    asyncio.run(main())
