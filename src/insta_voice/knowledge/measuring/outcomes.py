"""What came of the questions of a run, in columns: a measure is a function of them, and can be taken of any rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from insta_voice.knowledge.measuring.asking import Asked
from insta_voice.knowledge.measuring.calibration import Flags, Numbers
from insta_voice.knowledge.measuring.ranking import ndcg, recall, reciprocal_rank


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """A row a question. `right` says that the first article found answers it, which is what an answer begins with;
    recall, nDCG and reciprocal rank are NaN where there is no answer.
    """

    answerable: Flags
    right: Flags
    answered: Flags
    confidence: Numbers
    recall: Numbers
    ndcg: Numbers
    reciprocal_rank: Numbers
    took_ms: Numbers
    search_ms: Numbers

    def __len__(self) -> int:
        return len(self.answerable)

    def take(self, rows: NDArray[np.intp]) -> "Outcomes":
        """These rows; one may come several times."""
        return Outcomes(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def outcomes(asked: Sequence[Asked], threshold: float) -> Outcomes:
    """What came of each question when it is answered if at least `threshold` sure."""
    rows = [(one.article_ids, one.question.relevant) for one in asked]
    return Outcomes(
        answerable=np.array([one.question.answerable for one in asked], dtype=np.bool_),
        right=np.array([not relevant.keys().isdisjoint(found[:1]) for found, relevant in rows], dtype=np.bool_),
        answered=np.array([one.found.answered_at(threshold) for one in asked], dtype=np.bool_),
        confidence=_numbers([one.found.confidence for one in asked]),
        recall=_numbers([recall(found, relevant) if relevant else np.nan for found, relevant in rows]),
        ndcg=_numbers([ndcg(found, relevant) if relevant else np.nan for found, relevant in rows]),
        reciprocal_rank=_numbers(
            [reciprocal_rank(found, relevant) if relevant else np.nan for found, relevant in rows]
        ),
        took_ms=_numbers([one.took_ms for one in asked]),
        search_ms=_numbers([one.search_ms for one in asked]),
    )


def _numbers(values: Sequence[float]) -> Numbers:
    return np.array(values, dtype=np.float64)
