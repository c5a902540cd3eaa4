"""What the collection says about a question: passages, how well each answers, and how sure that is."""

from dataclasses import dataclass
from typing import Final

BY_WORDS: Final = "words"  # how a search is named that asked no vectors


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage; `score` 0 to 1 says how well it answers the question."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of an article, as found. `heading` is its path under the title; `sentences` in document order; `index` is
    the model whose vectors it was found with, or BY_WORDS."""

    chunk_id: int
    article_id: str
    external_id: str | None
    version: int
    title: str
    heading: str
    url: str
    text: str
    score: float
    sentences: tuple[Sentence, ...]
    index: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question that one of two articles seems to answer, and the best passage of each, the better one first."""

    question: str
    candidates: tuple[Passage, Passage]


@dataclass(frozen=True, slots=True)
class Evidence:
    """For one question of a turn: at most 5 passages, best first. `confidence`, 0 to 1, is the probability that
    they answer it; `answerable` compares it with the setting KNOWLEDGE_ANSWER_CONFIDENCE. `index` is that
    of its passages, "" where nothing was found.

    `choice` is there when the caller is better asked which of two they mean than told that nothing is known, or, where
    it is `answerable`, what one of them says. `chosen`: what was heard replies to that, and `question` is the one it
    was about; without passages both were refused.
    """

    question: str
    query: str
    passages: tuple[Passage, ...]
    confidence: float
    answerable: bool
    index: str = ""
    choice: Choice | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The conversation so far: `questions` oldest first, the last question and the article it was answered from;
    `choice` when the caller was just asked which of two they mean."""

    last_question: str | None = None
    last_article_id: str | None = None
    questions: tuple[str, ...] = ()
    choice: Choice | None = None
