"""What each chunk of an index has for a question, counted outside the database: cosines and BM25."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.rows import dict_row

from insta_voice.db import Queries
from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.knowledge.measuring.calibration import Numbers
from insta_voice.voice.local.text_vectors import DIMENSIONS

_QUERIES = Queries.load("bench.floor", "floor.sql")
_K1, _B = 1.2, 0.75  # as in the search

Vectors = NDArray[np.float32]

# Which numbers of a local vector are whose.
MODELS = {"both": slice(None), "bge": slice(DIMENSIONS // 2), "MiniLM": slice(DIMENSIONS // 2, None)}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one question, shape (chunks,) each: the cosine of the chunk and of its best sentence by each of MODELS, the
    BM25 of its words, and of its article's title.
    """

    cosine: Mapping[str, Numbers]
    sentence_cosine: Mapping[str, Numbers]
    bm25: Numbers
    title_bm25: Numbers

    def only(self, kept: NDArray[np.bool_]) -> "Figures":
        """Of those chunks alone."""
        chunks, sentences = (
            {model: cosines[kept] for model, cosines in of.items()} for of in (self.cosine, self.sentence_cosine)
        )
        return Figures(chunks, sentences, self.bm25[kept], self.title_bm25[kept])


class Postings:
    """Of texts that are numbered from 0."""

    def __init__(self, postings: Iterable[tuple[str, int, int]], lengths: Sequence[int]) -> None:
        self._lengths = np.array(lengths, dtype=np.float64)
        by_term: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for term, place, frequency in postings:
            by_term[term].append((place, frequency))
        self._by_term = {term: np.array(rows, dtype=np.intp).T for term, rows in by_term.items()}

    def bm25(self, terms: Iterable[str]) -> Numbers:
        """Of each text, shape (texts,)."""
        scores = np.zeros(len(self._lengths))
        relative = self._lengths / self._lengths.mean()
        for term in terms:
            if term in self._by_term:
                places, frequency = self._by_term[term]
                idf = np.log(1 + (len(scores) - len(places) + 0.5) / (len(places) + 0.5))
                scores[places] += (_K1 + 1) * idf * frequency / (frequency + _K1 * (1 - _B + _B * relative[places]))
        return scores


class Index:
    """What a database holds of its articles."""

    def __init__(self, admin_url: str) -> None:
        with psycopg.connect(admin_url, row_factory=dict_row) as connection:
            chunks, sentences, words, title_words = (
                connection.execute(_QUERIES[name], {"model": LOCAL_MODEL}).fetchall()
                for name in ("chunks", "sentences", "words", "title_words")
            )
        self.articles: list[str] = [row["article"] for row in chunks]
        self._vectors = _vectors(chunks)
        place = {row["id"]: number for number, row in enumerate(chunks)}
        self._sentences, self._chunk_of = _vectors(sentences), np.array([place[row["id"]] for row in sentences])
        self._words = Postings(
            ((row["term"], place[row["place"]], row["frequency"]) for row in words), [row["length"] for row in chunks]
        )
        lengths: Mapping[str, int] = {row["place"]: row["length"] for row in title_words}
        title = {article: number for number, article in enumerate(lengths)}
        self._titles = Postings(
            ((row["term"], title[row["place"]], row["frequency"]) for row in title_words), list(lengths.values())
        )
        self._title_of = np.array([title[article] for article in self.articles])

    def figures(self, vector: Sequence[float], terms: Sequence[str]) -> Figures:
        """For a question with this vector (unit length) and these words."""
        asked = np.array(vector, dtype=np.float32)
        of_chunks, of_sentences = {}, {}
        for model, part in MODELS.items():
            of_chunks[model] = (_unit(self._vectors[:, part]) @ _unit(asked[part])).astype(np.float64)
            of_sentences[model] = self._best_of_each_chunk(_unit(self._sentences[:, part]) @ _unit(asked[part]))
        return Figures(of_chunks, of_sentences, self._words.bm25(terms), self._titles.bm25(terms)[self._title_of])

    def _best_of_each_chunk(self, cosines: Vectors) -> Numbers:
        best = np.zeros(len(self.articles))
        np.maximum.at(best, self._chunk_of, cosines)
        return best


def lexemes(admin_url: str, questions: Sequence[str]) -> list[list[str]]:
    """The words of each question, as the postings have them."""
    with psycopg.connect(admin_url) as connection:
        asked = [connection.execute(_QUERIES["lexemes"], {"question": text}).fetchall() for text in questions]
    return [[term for (term,) in rows] for rows in asked]


def _unit(vectors: Vectors) -> Vectors:
    """Of length 1 again."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _vectors(rows: Sequence[dict[str, Any]]) -> Vectors:
    return _unit(np.array([row["vector"] for row in rows], dtype=np.float32))
