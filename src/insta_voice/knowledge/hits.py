"""Rows of the search into hits: passages, what their scores are made of, and what their section says beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from insta_voice.knowledge.evidence import BY_WORDS, Passage, Sentence
from insta_voice.knowledge.indexes import Index
from insta_voice.knowledge.question_vectors import QuestionVectors
from insta_voice.knowledge.scale import Scale, lead_on_local_scale, on_local_scale, scale_of
from insta_voice.knowledge.words_alone import scored_by_words, sentences_by_words


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another chunk of the section that a passage is a part of. `place` counts chunks from the passage on: 1 is the
    next one, -1 the one before."""

    chunk_id: int
    place: int
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with what its score is made of; see insta.search_knowledge.

    `cosine` and `sentence_cosine` are of the chunk and its best sentence, on the local model's scale; `lexical` is BM25
    as a share of what it could be at most; `known` is the share of the question's words, by weight, that any article
    has; `ahead` is how much nearer it is than the fifty chunks behind the nearest ten, on the local scale. `beside` is
    there for the best three of a search; `updated_at` is the article's; `twins` are hits of other articles that say the
    same, and count as this one (folding.py).
    """

    passage: Passage
    cosine: float
    sentence_cosine: float
    lexical: float
    known: float
    ahead: float = 0.0
    beside: tuple[Neighbour, ...] = ()
    updated_at: datetime | None = None
    twins: tuple["Hit", ...] = ()


def hits_of(
    rows: Sequence[Mapping[str, Any]], queries: Sequence[str], asked: QuestionVectors | None, local: Scale
) -> list[list[Hit]]:
    """The hits of each query, in the order of their rows. `asked` is None for a search by words alone."""
    return [
        [_hit(row, query, asked, local) for row in rows if row["number"] == number]
        for number, query in enumerate(queries)
    ]


def _hit(row: Mapping[str, Any], query: str, asked: QuestionVectors | None, local: Scale) -> Hit:
    passage = Passage(
        chunk_id=row["chunk_id"],
        article_id=str(row["article_id"]),
        external_id=row["external_id"],
        version=row["version"],
        title=row["title"],
        heading=row["heading"],
        url=row["url"],
        text=row["text"],
        score=row["score"],
        sentences=_sentences(row["sentences"]),
        index=asked.index.model if asked else BY_WORDS,
    )
    beside = tuple(
        Neighbour(n["chunk_id"], n["place"], n["text"], _sentences(n["sentences"])) for n in row["beside"] or ()
    )
    hit = Hit(
        passage,
        cosine=row["cosine"],
        sentence_cosine=row["sentence_cosine"],
        lexical=row["lexical"],
        known=row["known"],
        beside=beside,
        updated_at=row["updated_at"],
    )
    return _by_words(hit, query) if asked is None else _on_local_scale(hit, row["behind"], asked.index, local)


def _sentences(rows: Sequence[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    return tuple(Sentence(row["text"], float(row["score"])) for row in rows)


def _by_words(hit: Hit, query: str) -> Hit:
    beside = tuple(replace(n, sentences=sentences_by_words(n.sentences, query)) for n in hit.beside)
    return replace(hit, passage=scored_by_words(hit.passage, query), beside=beside)


def _on_local_scale(hit: Hit, behind: float | None, index: Index, local: Scale) -> Hit:
    # so few articles that nothing is behind the nearest: what has nothing to do with a question is as far away
    unrelated = (scale_of(index) or local).unrelated if behind is None else behind

    def scaled(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
        return tuple(Sentence(s.text, max(on_local_scale(s.score, index, local), 0.0)) for s in sentences)

    return replace(
        hit,
        passage=replace(hit.passage, sentences=scaled(hit.passage.sentences)),
        cosine=on_local_scale(hit.cosine, index, local),
        sentence_cosine=on_local_scale(hit.sentence_cosine, index, local),
        ahead=lead_on_local_scale(hit.cosine - unrelated, index, local),
        beside=tuple(replace(n, sentences=scaled(n.sentences)) for n in hit.beside),
    )
