"""Whether our search and its gate are better than what anybody would build first, by more than luck.

    python -m bench.floor --data FOLDER

`corpus.jsonl` and `queries_dev.jsonl` of the folder, as in bench.retrieval.

Search: score fusion (MiniLM's cosine of the chunk and 0.3 × BM25 as a share of the question's best) beside ours, as it
is and with its weights chosen on nine tenths of the questions for the last. Then what each model alone finds, and both.

Gate: a logistic regression of MiniLM's best cosine, its best sentence's, the title's BM25 and the lead over the second
article by score fusion, beside ours; both fitted on the other folds, with the demo company's questions as in
bench.retrieval. Ours is fitted also on questions whose articles were taken away, and so is the other one in a second
column. Differences with their 95 % interval, by a paired bootstrap over the questions.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from bench.confidence_fit import Sample, cross_validated, false_answers
from bench.floor.figures import Figures, Index, lexemes
from bench.floor.fusion import GRID, OTHERS, OURS, SCORE_FUSION, chosen_elsewhere, quality, scores
from bench.retrieval import CHECKOUT, DEMO_WEIGHT, Asked, Remembering, ask_hidden, ask_one, read, samples
from bench.server import temporary_server

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest
from insta_voice.knowledge.confidence import Signals
from insta_voice.knowledge.measuring.calibration import Numbers, auroc
from insta_voice.knowledge.measuring.ranking import ndcg
from insta_voice.knowledge.questions import strip_fillers
from insta_voice.voice.local.text_vectors import TextVectors

DRAWS = 10_000
ANSWERED = 0.9


@dataclass(frozen=True, slots=True)
class Side:
    """The questions of a corpus: what our search found for each, and the figures of every chunk. `hidden` are those
    with their articles taken away.
    """

    asked: list[Asked]
    hidden: list[Asked]
    figures: dict[str, Figures]
    articles: list[str]

    def gate(self, asked: Sequence[Asked], weight: float) -> list[Sample]:
        """The questions as the logistic gate sees them; `weight` as in bench.retrieval."""
        return [
            replace(sample, signals=self._signals(one))
            for sample, one in zip(samples(asked, weight), asked, strict=True)
        ]

    def _signals(self, asked: Asked) -> Signals:
        """In the fields that Sample has for ours; a figure that is always the same says nothing."""
        away = set(asked.question["relevant"]) if asked.is_hidden else set()
        kept = np.array([article not in away for article in self.articles])
        figures = self.figures[asked.question["id"]].only(kept)
        best: dict[str, float] = {}
        for article, score in zip(np.array(self.articles)[kept], scores(figures, SCORE_FUSION), strict=True):
            best[article] = max(score, best.get(article, 0.0))
        first, second = sorted(best.values(), reverse=True)[:2]
        return Signals(
            known=1.0,
            ahead=float(figures.cosine["MiniLM"].max()),
            sentence_cosine=float(figures.sentence_cosine["MiniLM"].max()),
            lexical=float(figures.title_bm25.max()),
            margin=first - second,
        )


async def ask_side(articles: Path, questions: Sequence[Path], group: str) -> Side:
    """Load the articles into a new database, ask every question, and count."""
    embedder = Remembering(LocalEmbedder(TextVectors()))
    async with temporary_server() as server, Database(server.url) as db:
        print(f"{group}: {await ingest(db, embedder, [articles])}", flush=True)
        lines = read(questions)
        asked = [await ask_one(db, embedder, question, group) for question in lines]
        hidden = await ask_hidden(db, server.admin_url, embedder, asked)
        index = await asyncio.to_thread(Index, server.admin_url)
        texts = [strip_fillers(question["text"]) or question["text"] for question in lines]
        words = await asyncio.to_thread(lexemes, server.admin_url, texts)
        vectors = await embedder.embed(texts)
    figures = {
        line["id"]: index.figures(vector, terms) for line, vector, terms in zip(lines, vectors, words, strict=True)
    }
    return Side(asked, hidden, figures, index.articles)


def interval(count: int, difference: Callable[[Numbers], float]) -> str:
    """`difference` of drawn rows of `count` questions."""
    chance = np.random.default_rng(0)
    drawn = [difference(chance.integers(0, count, count)) for _ in range(DRAWS)]
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return f"{difference(np.arange(count)):+.3f} ({low:+.3f} to {high:+.3f})"


def compare_search(side: Side) -> None:
    """Print a line for each part and way."""
    known = [number for number, one in enumerate(side.asked) if one.question["relevant"]]
    figures = [side.figures[side.asked[number].question["id"]] for number in known]
    relevant = [side.asked[number].question["relevant"] for number in known]
    parts = [side.asked[number].group for number in known]
    fused = quality(side.articles, figures, relevant, SCORE_FUSION)
    ours = np.array([ndcg(side.asked[n].articles, dict.fromkeys(r, 1.0)) for n, r in zip(known, relevant, strict=True)])
    chosen = chosen_elsewhere(np.array([quality(side.articles, figures, relevant, w) for w in GRID]), parts)
    print("\n| questions | n | score fusion | ours | minus fusion | weights chosen elsewhere | minus fusion |")
    print("|---|---|---|---|---|---|---|")
    names = sorted(set(parts))
    for name in (*names, "together"):
        of = np.array([name in (part, "together") for part in parts])
        one, other, third = fused[of], ours[of], chosen[of]
        columns = [f"{one.mean():.3f}"]
        for better in (other, third):
            gain = better - one
            columns += [f"{better.mean():.3f}", interval(len(gain), lambda rows, gain=gain: float(gain[rows].mean()))]
        print(f"| {name} | {of.sum()} | {' | '.join(columns)} |")
    print("\n| " + " | ".join(("of all chunks", *names)) + " | together |\n|" + "---|" * (len(names) + 2))
    for way, weights in {**OTHERS, "ours": OURS}.items():
        found = quality(side.articles, figures, relevant, weights)
        means = [found[[part == name for part in parts]].mean() for name in names]
        print(f"| {way} | " + " | ".join(f"{mean:.3f}" for mean in (*means, found.mean())) + " |")


def compare_gate(demo: Side, data: Side) -> None:
    """Print the gates, and how they differ."""
    asked = [*samples(demo.asked, DEMO_WEIGHT), *samples(data.asked, 1.0)]
    seen = [*demo.gate(demo.asked, DEMO_WEIGHT), *data.gate(data.asked, 1.0)]
    of_data = slice(len(demo.asked), len(asked))
    ours = cross_validated([*asked, *samples(data.hidden, 1.0)])[of_data]
    others = {
        "logistic": cross_validated(seen)[of_data],
        "logistic, fitted as ours": cross_validated([*seen, *data.gate(data.hidden, 1.0)])[of_data],
    }
    answered = np.array([one.is_answered for one in data.asked])
    figures: dict[str, Callable[[Numbers, Numbers], float]] = {
        "AUROC": lambda sure, rows: auroc(sure[rows], answered[rows]),
        f"false answers when {ANSWERED:.0%} of the answerable are answered": lambda sure, rows: false_answers(
            sure[rows], answered[rows], ANSWERED
        ),
    }
    every = np.arange(len(ours))
    print(f"\n| gate, cross-validated | ours | {' | difference | '.join(others)} | difference |")
    print("|---|---|" + "---|---|" * len(others))
    for name, figure in figures.items():
        columns = [f"{figure(ours, every):.3f}"]
        for other in others.values():
            better = interval(
                len(ours), lambda rows, other=other, figure=figure: figure(ours, rows) - figure(other, rows)
            )
            columns += [f"{figure(other, every):.3f}", better]
        print(f"| {name} | {' | '.join(columns)} |")


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
