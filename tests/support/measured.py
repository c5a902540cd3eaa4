"""Questions as if they had been asked: what the measures are of, without a search."""

from collections.abc import Mapping, Sequence

from insta_voice.knowledge import Found, FoundArticle
from insta_voice.knowledge.measuring import Question
from insta_voice.knowledge.measuring.asking import Asked


def asked(
    relevant: Sequence[str] | Mapping[str, float],
    found: Sequence[str],
    confidence: float,
    *,
    took_ms: float = 20.0,
    search_ms: float = 12.0,
    line: int = 1,
) -> Asked:
    """A question whose answers are `relevant`, for which the articles `found` were found, best first."""
    grades = relevant if isinstance(relevant, Mapping) else dict.fromkeys(relevant, 1.0)
    articles = tuple(FoundArticle(name, name.title(), 0.5, "A passage.", "") for name in found)
    question = Question(line, "How do I do it?", grades, f"q{line}")
    return Asked(question, Found(confidence, confidence >= 0.5, articles, "words" if found else ""), took_ms, search_ms)
