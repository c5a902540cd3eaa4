"""Which cosine makes two questions one gap: `python -m bench.gaps`.

The questions of `gap_questions.jsonl` come in 20 random orders, as calls do, and each goes to the group whose centre is
nearest, if it is near enough, else to one of its own, as insta_voice/knowledge/gaps does it. Of all pairs of questions:
how many that are together mean the same, and how many that mean the same are together; then the same of two questions
that are compared alone, as when one is asked again in a call. The questions are written for this, and some meanings
differ in one word ("a discount for students", "for nonprofits").
"""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from insta_voice.voice.local.text_vectors import TextVectors

QUESTIONS = Path(__file__).with_name("gap_questions.jsonl")
ORDERS = 20
THRESHOLDS = (0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85)

Vectors = NDArray[np.float64]


def group(vectors: Vectors, threshold: float) -> list[int]:
    """The group of each question, in the order in which they come."""
    groups: list[list[int]] = []
    centres: list[Vectors] = []
    for number, vector in enumerate(vectors):
        cosines = [float(vector @ centre) / float(np.linalg.norm(centre)) for centre in centres]
        nearest = int(np.argmax(cosines)) if cosines else -1
        if nearest >= 0 and cosines[nearest] >= threshold:
            groups[nearest].append(number)
            centres[nearest] = np.mean(vectors[groups[nearest]], axis=0)
        else:
            groups.append([number])
            centres.append(vector)
    return [next(g for g, members in enumerate(groups) if number in members) for number in range(len(vectors))]


def main() -> None:
    asked = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    meanings = np.array([one["meaning"] for one in asked])
    vectors = np.array(TextVectors().embed([one["text"] for one in asked]))
    pairs = list(combinations(range(len(asked)), 2))
    same = np.array([meanings[a] == meanings[b] for a, b in pairs])
    cosines = np.array([vectors[a] @ vectors[b] for a, b in pairs])
    print(f"{len(asked)} questions of {len(set(meanings))} meanings, {ORDERS} orders\n")
    print("| threshold | groups | together that mean the same | found of those that do | F1 | two questions alone |")
    print("|---|---|---|---|---|---|")
    for threshold in THRESHOLDS:
        counted = [_count(vectors, meanings, threshold, seed) for seed in range(ORDERS)]
        groups, right, found = np.mean(counted, axis=0)
        f1 = 2 * right * found / (right + found)
        near = cosines >= threshold
        alone = f"{np.mean(same[near]):.3f}, {np.mean(near[same]):.3f}"
        print(f"| {threshold:.2f} | {groups:.0f} | {right:.3f} | {found:.3f} | {f1:.3f} | {alone} |")


def _count(vectors: Vectors, meanings: NDArray[np.str_], threshold: float, seed: int) -> tuple[int, float, float]:
    """Groups, and of the pairs: those together that mean the same, and those that mean the same that are together."""
    order = np.random.default_rng(seed).permutation(len(vectors))
    groups, named = np.array(group(vectors[order], threshold)), meanings[order]
    together = groups[:, None] == groups[None, :]
    same = named[:, None] == named[None, :]
    upper = np.triu_indices(len(groups), 1)
    together, same = together[upper], same[upper]
    both = np.sum(together & same)
    return len(set(groups)), both / max(np.sum(together), 1), both / np.sum(same)


if __name__ == "__main__":
    main()
