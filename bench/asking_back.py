"""How often the caller is asked which of two articles they mean, and whether that helps: `python -m bench.asking_back`.

    python -m bench.asking_back [--data FOLDER]

For several floors of how plausible each of the two has to be (insta_voice/knowledge/asking_back.py), of the questions
that would be refused without it: how many are asked back, and how many of those have an expected article among the two.
Then of those that would be answered: how many are asked back because they say too little, and how often the first
article or the second alone is an expected one.
`ambiguous_questions.jsonl` are questions to the demo company's articles that were written to fit several.
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from bench.retrieval import CHECKOUT, Asked, ask_all

from insta_voice.knowledge.asking_back import PLAUSIBLE, choice_of
from insta_voice.knowledge.confidence import confidence, signals_of
from insta_voice.knowledge.search import MATCH_COUNT

AMBIGUOUS = Path(__file__).with_name("ambiguous_questions.jsonl")
GATE = 0.5  # KNOWLEDGE_ANSWER_CONFIDENCE
FLOORS = (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45)


def refused(asked: Sequence[Asked]) -> list[Asked]:
    """The questions that it is not sure enough to answer."""
    return [one for one in asked if _sure(one) < GATE]


def asked_back(asked: Sequence[Asked], plausible: float) -> dict[str, bool | None]:
    """Which of them are asked back, by id: whether an expected article is among the two, None where there is none."""
    found: dict[str, bool | None] = {}
    for one in asked:
        choice = choice_of(one.question["text"], one.hits[:MATCH_COUNT], GATE, plausible=plausible)
        if choice is not None:
            offered = {passage.external_id or passage.article_id for passage in choice.candidates}
            relevant = {*one.question["relevant"]}
            found[one.question["id"]] = bool(offered & relevant) if relevant else None
    return found


def _sure(one: Asked) -> float:
    return confidence(signals_of(one.hits[:MATCH_COUNT]))


def table(groups: dict[str, list[Asked]]) -> None:
    """Print what comes of each floor."""
    print(f"\nbelow the gate of {GATE} (in use: {PLAUSIBLE})\n")
    print("| questions | n | refused | plausible | asked back | expected among the two | of those without an answer |")
    print("|---|---|---|---|---|---|---|")
    for name, asked in groups.items():
        unsure = refused(asked)
        without = sum(not one.question["relevant"] for one in asked)
        for plausible in FLOORS:
            found = asked_back(unsure, plausible)
            right, none = (sum(value is wanted for value in found.values()) for wanted in (True, None))
            print(
                f"| {name} | {len(asked)} | {len(unsure)} | {plausible:.2f} | {len(found)} | "
                f"{right} of {len(found) - none} | {none} of {without} |"
            )


def sure_table(groups: dict[str, list[Asked]]) -> None:
    """Print what comes of those that are sure enough."""
    print("\nsure enough, and asked back\n")
    print("| questions | answered without it | asked back | the first is right | the second | neither | none |")
    print("|---|---|---|---|---|---|---|")
    for name, asked in groups.items():
        sure = [one for one in asked if _sure(one) >= GATE]
        places = [place for one in sure if (place := _expected_place(one)) is not None]
        counts = " | ".join(str(places.count(place)) for place in ("first", "second", "neither", "none"))
        print(f"| {name} | {len(sure)} | {len(places)} | {counts} |")


def _expected_place(one: Asked) -> str | None:
    """Which of the two that a caller is asked about is an expected one, "none" where no article is. None where nobody
    is asked."""
    choice = choice_of(one.question["text"], one.hits[:MATCH_COUNT], GATE)
    if choice is None:
        return None
    relevant = {*one.question["relevant"]}
    if not relevant:
        return "none"
    right = [(passage.external_id or passage.article_id) in relevant for passage in choice.candidates]
    return "first" if right[0] else "second" if right[1] else "neither"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder with corpus.jsonl and queries_dev.jsonl")
    wanted = parser.parse_args()
    files = [CHECKOUT / "knowledge" / "questions.jsonl", CHECKOUT / "bench" / "more_questions.jsonl", AMBIGUOUS]
    asked = await ask_all(CHECKOUT / "knowledge" / "articles", files, "demo company", words=False)
    ambiguous = {json.loads(line)["id"] for line in AMBIGUOUS.read_text("utf-8").splitlines()}
    groups = {
        "demo company": [one for one in asked if one.question["id"] not in ambiguous],
        "made to fit several": [one for one in asked if one.question["id"] in ambiguous],
    }
    if wanted.data:
        corpus, queries = wanted.data / "corpus.jsonl", [wanted.data / "queries_dev.jsonl"]
        for one in await ask_all(corpus, queries, "data", words=False):
            groups.setdefault(one.group, []).append(one)
    table(groups)
    sure_table(groups)


if __name__ == "__main__":
    asyncio.run(main())
