"""Searching by words alone, for as long as no embedding model answers: a worse search, and one that knows it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from insta_voice.knowledge.evidence import Passage, Sentence
from insta_voice.knowledge.questions import content_words

# Of the 1.85 that insta.search_knowledge divides a score by, words make 0.25 and titles 0.1.
_WHOLE_SCORE = 1.85 / (0.25 + 0.1)
_ENDING = re.compile(r"(?:'s|ies|es|s|ed|ing|y|e)$")
_SHORTEST_STEM = 3


def scored_by_words(passage: Passage, query: str) -> Passage:
    """The passage on the usual scale of 0 to 1, its sentences by the share of the question's words they have."""
    sentences = sentences_by_words(passage.sentences, query)
    return replace(passage, score=passage.score * _WHOLE_SCORE, sentences=sentences)


def sentences_by_words(sentences: Sequence[Sentence], query: str) -> tuple[Sentence, ...]:
    """The sentences, each with the share of the question's words that it has as its score."""
    asked = _stems(query)
    return tuple(Sentence(sentence.text, _share(asked, _stems(sentence.text))) for sentence in sentences)


def _share(asked: frozenset[str], told: frozenset[str]) -> float:
    return round(len(asked & told) / len(asked), 4) if asked else 0.0


def _stems(text: str) -> frozenset[str]:
    """The words that carry meaning, without the endings that "export" and "exported" differ by."""
    return frozenset(_stem(word) for word in content_words(text))


def _stem(word: str) -> str:
    stem = _ENDING.sub("", word)
    return stem if len(stem) >= _SHORTEST_STEM else word
