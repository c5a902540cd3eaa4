"""What is lost when a question is spoken instead of typed.

    python -m bench.spoken [--data FOLDER] [--sample N] [--verbose]

Without a folder: the demo company's articles and questions. With one: `corpus.jsonl` and `queries_dev.jsonl` in it
instead. Each question is said by the local voice, recognised by the local recogniser and searched in both forms.
--sample takes so many, the same ones each time. --verbose shows those that lost most. What was heard once is kept in
the temporary directory: a second run takes no longer than the search, and one that was interrupted goes on.
"""

import argparse
import asyncio
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bench.hearing import Ear
from bench.retrieval import CHECKOUT, MATCH_COUNT, Asked, ask_all

from insta_voice.knowledge.confidence import confidence, signals_of
from insta_voice.knowledge.measuring.ranking import ndcg, recall

DRAWS = 10_000
SHOWN = 15

Line = dict[str, Any]


def sampled(files: Sequence[Path], count: int | None) -> list[Line]:
    """The questions of the files, or `count` of them; of a smaller sample all are in a larger one."""
    lines: list[Line] = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return random.Random(0).sample(lines, len(lines))[:count]  # noqa: S311  (no secret)


def spoken(questions: Sequence[Line]) -> list[Line]:
    """The questions as they are heard."""
    ear = Ear()
    return [{**question, "text": ear.hears(question["text"])} for question in questions]


async def asked_in_both(articles: Path, typed: Sequence[Line], heard: Sequence[Line], group: str) -> list[Asked]:
    """All of `typed`, then all of `heard`."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("typed.jsonl", "heard.jsonl")]
        for file, lines in zip(files, (typed, heard), strict=True):
            file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
        return await ask_all(articles, files, group, words=False)


def quality(asked: Asked) -> tuple[float, float]:
    """nDCG@10 and recall@5 of a question with an answer."""
    relevant = asked.question["relevant"]
    return ndcg(asked.articles, dict.fromkeys(relevant, 1.0)), recall(asked.articles, relevant)


def row(name: str, pairs: Sequence[tuple[Asked, Asked]]) -> str:
    """One line of the table: nDCG@10 and recall@5 in both forms, the loss with its paired 95 % interval."""
    known = [pair for pair in pairs if pair[0].question["relevant"]]
    typed = np.array([quality(pair[0]) for pair in known])
    heard = np.array([quality(pair[1]) for pair in known])
    loss = typed[:, 0] - heard[:, 0]
    draws = np.random.default_rng(0).choice(loss, (DRAWS, loss.size)).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    sure = [np.mean([confidence(signals_of(pair[form].hits[:MATCH_COUNT])) for pair in known]) for form in (0, 1)]
    figures = [f"{a:.3f} → {b:.3f}" for a, b in zip(typed.mean(axis=0), heard.mean(axis=0), strict=True)]
    return (
        f"| {name} | {len(known)} | {' | '.join(figures)} | {loss.mean():.3f} ({low:+.3f} to {high:+.3f}) "
        f"| {sure[0]:.2f} → {sure[1]:.2f} |"
    )


def show_worst(pairs: Sequence[tuple[Asked, Asked]]) -> None:
    """The questions that lost most, as they were written and as they were heard."""
    known = [pair for pair in pairs if pair[0].question["relevant"]]
    for typed, heard in sorted(known, key=lambda pair: quality(pair[1])[0] - quality(pair[0])[0])[:SHOWN]:
        loss = quality(typed)[0] - quality(heard)[0]
        if loss > 0:
            print(f"\n{typed.question['id']}: {loss:.3f}")
            print(f"  written: {' '.join(typed.question['text'].split())}\n  heard:   {heard.question['text']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder with corpus.jsonl and queries_dev.jsonl")
    parser.add_argument("--sample", type=int, help="how many questions (default: all)")
    parser.add_argument("--verbose", action="store_true", help="show the questions that lost most")
    wanted = parser.parse_args()
    if wanted.data:
        articles, files, group = wanted.data / "corpus.jsonl", [wanted.data / "queries_dev.jsonl"], "data"
    else:
        articles, group = CHECKOUT / "knowledge" / "articles", "demo company"
        files = [CHECKOUT / "knowledge" / "questions.jsonl", CHECKOUT / "bench" / "more_questions.jsonl"]
    typed = sampled(files, wanted.sample)
    asked = asyncio.run(asked_in_both(articles, typed, spoken(typed), group))
    pairs = list(zip(asked[: len(typed)], asked[len(typed) :], strict=True))
    print("\n| questions | with an answer | nDCG@10 | recall@5 | loss of nDCG@10 | confidence |")
    print("|---|---|---|---|---|---|")
    groups = {pair[0].group: [other for other in pairs if other[0].group == pair[0].group] for pair in pairs}
    for name, some in groups.items():
        print(row(name, some))
    if len(groups) > 1:
        print(row("together", pairs))
    if wanted.verbose:
        show_worst(pairs)


if __name__ == "__main__":
    main()
