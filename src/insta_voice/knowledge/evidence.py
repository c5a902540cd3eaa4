"""What the collection says about a question: passages, how well each answers, and how sure that is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage; `score` 0 to 1 says how well it answers the question."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of an article, as found. `heading` is its path under the title; `sentences` in document order."""

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


@dataclass(frozen=True, slots=True)
class Evidence:
    """For one question of a turn: at most 5 passages, best first. `confidence`, 0 to 1, is the probability that
    they answer it; `answerable` compares it with the setting KNOWLEDGE_ANSWER_CONFIDENCE."""

    question: str
    query: str
    passages: tuple[Passage, ...]
    confidence: float
    answerable: bool


@dataclass(frozen=True, slots=True)
class Context:
    """The conversation so far: `questions` oldest first, the last question and the article it was answered from."""

    last_question: str | None = None
    last_article_id: str | None = None
    questions: tuple[str, ...] = ()
