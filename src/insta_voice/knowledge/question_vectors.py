"""A question's vectors, from the index in use; while its model is away or slow, from the one that stands in for it."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.embedding import Embedder, TextRefusedError
from insta_voice.knowledge.indexes import Index

_LOG = logging.getLogger(__name__)
# A provider answers in a tenth to a half of a second. What is left of 1.5 s is ample for the local model behind it.
_SHARE_OF_PATIENCE = 0.6
# A model that failed is left alone for so long while another stands in, each time twice as long as the time before.
# Turns are 15 to 30 s apart: with one rest for all, a caller waits in nearly every turn of a long outage.
_FIRST_REST_S = 15.0
_LONGEST_REST_S = 300.0


@dataclass(frozen=True, slots=True)
class QuestionVectors:
    """The vectors of some questions, and the index that they may be asked of."""

    index: Index
    vectors: list[list[float]]


@dataclass(frozen=True, slots=True)
class _Rest:
    """How long a model that failed is left alone, and until when."""

    for_s: float
    until: float


_away: WeakKeyDictionary[Embedder, _Rest] = WeakKeyDictionary()  # those that are told in the log already


async def vectors_within(
    ways: Sequence[tuple[Index, Embedder]], texts: Sequence[str], patience_s: float
) -> QuestionVectors | None:
    """The vectors of the texts by the first model that gives them; None when all are away, or silent for longer. An
    outage is logged once.
    """
    ends_at = _now() + patience_s
    for number, (index, embedder) in enumerate(ways):
        behind = [other.model for other, _ in ways[number + 1 :]]
        if behind and _rests(embedder):
            continue
        left_s = ends_at - _now()
        if left_s <= 0:
            return None  # nobody is asked, and nobody is away for it
        try:
            async with asyncio.timeout(left_s * _SHARE_OF_PATIENCE if behind else left_s):
                vectors = await embedder.embed(texts)
        except TextRefusedError as error:
            _LOG.info("a question that %s does not take: %s", index.model, _why(error))
            continue
        except (EmbeddingError, TimeoutError) as error:
            _note_away(embedder, error, behind[0] if behind else None)
            continue
        if _away.pop(embedder, None) is not None:
            _LOG.info("vectors of %s for questions are back", index.model)
        return QuestionVectors(index, vectors)
    return None


async def vectors_of(ways: Sequence[tuple[Index, Embedder]], texts: Sequence[str]) -> QuestionVectors:
    """The same with all the time it takes. EmbeddingError of the first when all are away."""
    first: EmbeddingError | None = None
    for number, (index, embedder) in enumerate(ways):
        try:
            return QuestionVectors(index, await embedder.embed(texts))
        except EmbeddingError as error:
            first = first or error
            if isinstance(error, TextRefusedError):
                continue
            behind = [other.model for other, _ in ways[number + 1 :]]
            _note_away(embedder, error, behind[0] if behind else None)
    raise first or EmbeddingError("No index of the articles can be asked here: `kb status` shows which there are.")


def _note_away(embedder: Embedder, error: Exception, behind: str | None) -> None:
    if embedder not in _away:
        then = f"the index of {behind} answers" if behind else "the articles are searched by words alone"
        _LOG.warning("no vectors of %s for a question (%s): %s", embedder.model, _why(error), then)
    if not _rests(embedder):  # else one of several questions at once that met the same failure
        for_s = min(2 * _away[embedder].for_s, _LONGEST_REST_S) if embedder in _away else _FIRST_REST_S
        _away[embedder] = _Rest(for_s, _now() + for_s)


def _rests(embedder: Embedder) -> bool:
    return embedder in _away and _now() < _away[embedder].until


def _why(error: Exception) -> str:
    return error.detail or error.code if isinstance(error, EmbeddingError) else "too slow"


def _now() -> float:
    return asyncio.get_running_loop().time()
