"""Cosines of one model read on another's scale.

How sure the search may be was fitted with the local model (confidence.py). Other models' cosines lie elsewhere: of
some, 0.3 is a hit, of others 0.7 is nothing. Where related and unrelated texts lie is measured for each index on the
articles themselves (indexes.sql, `measure`), and a straight line through these two points leads from one scale to the
other.
"""

from dataclasses import dataclass

from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.knowledge.indexes import Index

# An index whose related texts are hardly nearer than its unrelated ones says nothing.
_LEAST_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class Scale:
    """The mean cosine of a sentence to its own chunk, and to another article's."""

    related: float
    unrelated: float


# The local model on the demo company's articles (69 chunks, 240 sentences): for an installation that has none of its
# vectors to measure.
LOCAL_SCALE = Scale(related=0.50, unrelated=0.02)


def scale_of(index: Index) -> Scale | None:
    """What was measured of an index; None before that."""
    if index.related_cosine is None or index.unrelated_cosine is None:
        return None
    return Scale(index.related_cosine, index.unrelated_cosine)


def on_local_scale(cosine: float, index: Index, local: Scale) -> float:
    """What `cosine` would be of the local model, and never more than it is: where no questions were there to fit an
    index with, it is rather not sure. An index that nothing was measured of yet is taken as it is.
    """
    scale = scale_of(index)
    if index.model == LOCAL_MODEL or scale is None:
        return cosine
    if scale.related - scale.unrelated < _LEAST_SPREAD:
        return min(cosine, local.unrelated)
    steps = (cosine - scale.unrelated) / (scale.related - scale.unrelated)
    return min(cosine, local.unrelated + steps * (local.related - local.unrelated))


def lead_on_local_scale(lead: float, index: Index, local: Scale) -> float:
    """What a difference of two cosines would be of the local model, and never more than it is."""
    scale = scale_of(index)
    if index.model == LOCAL_MODEL or scale is None:
        return lead
    if scale.related - scale.unrelated < _LEAST_SPREAD:
        return 0.0
    return lead * min(1.0, (local.related - local.unrelated) / (scale.related - scale.unrelated))
