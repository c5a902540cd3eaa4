"""Which questions mean the same: by the cosine of their vectors, of the one model whose vectors groups have."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.embedders import as_embedders
from insta_voice.knowledge.embedding import LOCAL_MODEL, Embedder
from insta_voice.knowledge.indexes import Index
from insta_voice.knowledge.scale import LOCAL_SCALE, on_local_scale

Vector = list[float]

# Measured by `python -m bench.gaps` with the local model (docs/gaps.md). At 0.50 as many questions that mean the same
# are together as together mean the same; what is mixed are neighbours ("delete a project", "restore one"). In a call
# people stay with a subject: who asks of a neighbour has not asked again.
_ONE_GAP: Final = 0.50
_ASKED_AGAIN: Final = 0.70


@dataclass(frozen=True, slots=True)
class Meaning:
    """What compares questions."""

    index: Index
    embedder: Embedder

    async def vectors(self, texts: Iterable[str]) -> dict[str, Vector]:
        """The vector of each text. EmbeddingError when the model is away."""
        distinct = list(dict.fromkeys(texts))
        return dict(zip(distinct, await self.embedder.embed(distinct), strict=True)) if distinct else {}

    def is_one_gap(self, cosine: float) -> bool:
        """Whether a question of this cosine to a group's centre belongs to the group."""
        return on_local_scale(cosine, self.index, LOCAL_SCALE) >= _ONE_GAP

    def is_asked_again(self, cosine: float) -> bool:
        """Whether two questions of this cosine, in one call, are the same one."""
        return on_local_scale(cosine, self.index, LOCAL_SCALE) >= _ASKED_AGAIN


async def meaning_by(db: Database, embedder: Embedder) -> Meaning:
    """The local model's vectors wherever the process has that model: they stay when the settings' model changes.
    EmbeddingError when no model can be asked.
    """
    ways = await as_embedders(embedder).to_ask(db)
    if not ways:
        raise EmbeddingError("No model compares questions here: `kb status` shows whose vectors there are.")
    return Meaning(*min(ways, key=lambda way: way[0].model != LOCAL_MODEL))


def cosine(one: Vector, other: Vector) -> float:
    """Of two unit vectors."""
    return sum(a * b for a, b in zip(one, other, strict=True))
