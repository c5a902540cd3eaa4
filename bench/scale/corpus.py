"""Many chunks out of few: copies of the demo company's, each with its vectors perturbed and half of its words changed.

A perturbed vector has a cosine of about 0.8 to its origin, as two articles on one subject do; words are changed for
words of the whole corpus by their frequency, and for made-up ones by Zipf's law, so that postings are as uneven as
those of a real help centre. The same seed, the same corpus.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insta_voice.knowledge.chunks import embedded_sentence, embedded_text, make_chunks
from insta_voice.knowledge.documents import Document
from insta_voice.voice.local.text_vectors import TextVectors

Vectors = NDArray[np.float32]

_COSINE_TO_ORIGIN = 0.8
_WORDS_CHANGED, _OF_THOSE_MADE_UP = 0.5, 0.2
_MADE_UP_WORDS, _ZIPF = 30_000, 1.3
# One article of a hundred is for a plan that few have: what a filter keeps that keeps 1 % of the rows.
CHUNKS_PER_ARTICLE, _TITLE_WORDS = 3, 5
AUDIENCES = ("everyone", "plan:team", "plan:business", "plan:rare")
_SHARES = (0.6, 0.24, 0.15, 0.01)


@dataclass(frozen=True, slots=True)
class Origin:
    """A chunk of the demo company's. `vectors`: that of the chunk, then one for each sentence."""

    words: tuple[str, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class MadeChunk:
    """`vectors` as in Origin."""

    text: str
    sentences: tuple[str, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """An article of CHUNKS_PER_ARTICLE chunks."""

    title: str
    audience: str
    chunks: tuple[MadeChunk, ...]


def origins(documents: list[Document]) -> list[Origin]:
    """The chunks of these articles with their vectors."""
    model = TextVectors()
    found = []
    for document in documents:
        for chunk in make_chunks(document.title, document.content):
            texts = [embedded_text(document.title, chunk), *map(embedded_sentence, chunk.sentences)]
            vectors = np.array(model.embed(texts), dtype=np.float32)
            found.append(Origin((*document.title.split(), *chunk.text.split()), vectors))
    return found


class Corpus:
    """Makes article after article, always the same ones."""

    def __init__(self, of: list[Origin], *, seed: int = 7) -> None:
        self._origins = of
        self._chance = np.random.default_rng(seed)
        counted = Counter(word for origin in of for word in origin.words)
        self._words = list(counted)
        shares = np.array([counted[word] for word in self._words], dtype=float)
        self._shares = shares / shares.sum()

    def make(self) -> MadeArticle:
        """The next one."""
        chunks = tuple(self._chunk() for _ in range(CHUNKS_PER_ARTICLE))
        title = " ".join(chunks[0].text.split()[:_TITLE_WORDS])
        return MadeArticle(title, str(self._chance.choice(AUDIENCES, p=_SHARES)), chunks)

    def _chunk(self) -> MadeChunk:
        origin = self._origins[self._chance.integers(len(self._origins))]
        words = self._changed(origin.words)
        parts = np.array_split(np.array(words), len(origin.vectors) - 1)
        return MadeChunk(" ".join(words), tuple(" ".join(part) for part in parts), self._perturbed(origin.vectors))

    def _changed(self, words: tuple[str, ...]) -> list[str]:
        changed = self._chance.random(len(words)) < _WORDS_CHANGED
        made_up = self._chance.random(len(words)) < _OF_THOSE_MADE_UP
        common = self._chance.choice(len(self._words), len(words), p=self._shares)
        rare = np.minimum(self._chance.zipf(_ZIPF, len(words)), _MADE_UP_WORDS)
        return [
            word if not changed[i] else f"term{rare[i]}" if made_up[i] else self._words[common[i]]
            for i, word in enumerate(words)
        ]

    def _perturbed(self, vectors: Vectors) -> Vectors:
        """All of a chunk's by the same noise: its sentences stay about what it is about."""
        noise = self._chance.standard_normal(vectors.shape[1]).astype(np.float32)
        noise *= np.sqrt(1 / _COSINE_TO_ORIGIN**2 - 1) / np.linalg.norm(noise)
        moved = vectors + noise
        return moved / np.linalg.norm(moved, axis=1, keepdims=True)
