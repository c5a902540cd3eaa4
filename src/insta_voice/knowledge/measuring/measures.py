"""The measures of a run, by the name they have in JSON and in the order in which they are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from insta_voice.knowledge.measuring.calibration import Flags, Numbers, auroc, brier, expected_calibration_error
from insta_voice.knowledge.measuring.outcomes import Outcomes


@dataclass(frozen=True, slots=True)
class Measure:
    """`of` gives NaN where a file has no question to take it of. `says` goes on from the figure, for people."""

    label: str
    unit: Literal["share", "score", "ms"]
    says: str
    of: Callable[[Outcomes], float]


def _mean(values: Numbers) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _share(flags: Flags) -> float:
    return _mean(flags.astype(np.float64))


def _percentile(values: Numbers, percent: int) -> float:
    return float(np.percentile(values, percent)) if len(values) else float("nan")


MEASURES = {
    "recall_at_5": Measure(
        "recall@5",
        "score",
        "share of the expected articles in the first 5",
        lambda o: _mean(o.recall[o.answerable]),
    ),
    "ndcg_at_10": Measure(
        "nDCG@10", "score", "how high the expected articles stand; 1 at best", lambda o: _mean(o.ndcg[o.answerable])
    ),
    "mrr": Measure(
        "MRR", "score", "1 / the place of the first expected article", lambda o: _mean(o.reciprocal_rank[o.answerable])
    ),
    "answered": Measure("answered", "share", "of all questions", lambda o: _share(o.answered)),
    "right": Measure(
        "right", "share", "of all: answered, an expected article first", lambda o: _share(o.answered & o.right)
    ),
    "wrong_article": Measure(
        "wrong article",
        "share",
        "of all: answered, another article first",
        lambda o: _share(o.answered & o.answerable & ~o.right),
    ),
    "false_answers": Measure(
        "false answers", "share", "of those without an answer: answered", lambda o: _share(o.answered[~o.answerable])
    ),
    "false_refusals": Measure(
        "false refusals", "share", "of those with an answer: not answered", lambda o: _share(~o.answered[o.answerable])
    ),
    "auroc": Measure(
        "AUROC",
        "score",
        "with an answer surer than without: how often",
        lambda o: auroc(o.confidence, o.answerable),
    ),
    "ece": Measure(
        "calibration error",
        "score",
        "from how sure it is to how often right (ECE)",
        lambda o: expected_calibration_error(o.confidence, o.right),
    ),
    "brier": Measure(
        "Brier score", "score", "the same, squared, question by question", lambda o: brier(o.confidence, o.right)
    ),
    "latency_p50_ms": Measure(
        "latency p50", "ms", "a question, its vector included", lambda o: _percentile(o.took_ms, 50)
    ),
    "latency_p95_ms": Measure(
        "latency p95", "ms", "the same; one in twenty takes longer", lambda o: _percentile(o.took_ms, 95)
    ),
    "search_p50_ms": Measure(
        "search p50", "ms", "a question without its vector", lambda o: _percentile(o.search_ms, 50)
    ),
    "search_p95_ms": Measure(
        "search p95", "ms", "the same; one in twenty takes longer", lambda o: _percentile(o.search_ms, 95)
    ),
}
