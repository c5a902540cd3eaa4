"""What of a turn asks the account, what asks the help articles, and how a part is named when nothing was found."""

import re
from dataclasses import dataclass

from insta_voice.agent.responder.account import Topic, asked_topics
from insta_voice.agent.responder.intents import without_opener
from insta_voice.agent.responder.lexicon import lexicon
from insta_voice.agent.responder.words import content, core
from insta_voice.knowledge.evidence import Evidence

_CLAUSES = re.compile(r"[?.!;]\s+|,?\s+(?:and also|and then|and|also|but)\s+", re.IGNORECASE)
_REFERS_BACK = re.compile(r"\b(?:it|that|they|those|this)\b")
_SWAPPED = {"my": "your", "our": "your", "i": "you", "we": "you", "me": "you", "us": "you", "your": "our", "am": "are"}
_TOPIC_WORDS = 7
_QUOTED_WORDS = 14


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of what was asked, in its place: the account answers its `topics` first, the articles otherwise."""

    topics: tuple[Topic, ...] = ()
    evidence: Evidence | None = None


def asked_parts(heard: str, evidence: tuple[Evidence, ...]) -> tuple[Asked, ...]:
    """The parts of the turn in the order they were asked, as retrieval split them; account parts recognised."""
    if len(evidence) > 1:
        found = _topics_of([e.question for e in evidence])
        parts = [Asked(topics, e) for topics, e in zip(found, evidence, strict=True)]
        return _without_repeats(parts)
    rest = tuple(Asked(evidence=e) for e in evidence)
    clauses = [clause for clause in _CLAUSES.split(without_opener(heard)) if content(clause)]
    topics = _topics_of(clauses)
    if len(clauses) > 1 and any(topics) and not all(topics):
        own = [Asked(found) for found in topics if found]
        return (*own, *rest) if topics[0] else (*rest, *own)
    asked = tuple(dict.fromkeys(topic for found in topics for topic in found)) or asked_topics(heard)
    return (Asked(asked, evidence[0] if evidence else None),) if asked else rest


def _topics_of(clauses: list[str]) -> list[tuple[Topic, ...]]:
    """The account topics of each clause; "when does it renew" after "which plan am I on" is about the account too."""
    found: list[tuple[Topic, ...]] = []
    for clause in clauses:
        goes_on = bool(found and found[-1] and _REFERS_BACK.search(core(clause)))
        found.append(asked_topics(clause, own=goes_on))
    return found


def _without_repeats(parts: list[Asked]) -> tuple[Asked, ...]:
    kept: list[Asked] = []
    for part in parts:
        if not (part.topics and any(part.topics == other.topics for other in kept)):
            kept.append(part)
    return tuple(kept)


def topic_of(question: str) -> str:
    """ "what is your stock price" → "our stock price", to say what nothing was found about; empty when unclear."""
    asked = core(question)
    for pattern in lexicon("grammar")["topic"]:
        if match := re.fullmatch(pattern, asked):
            kept = next(group for group in match.groups() if group).split()
            if len(kept) <= _TOPIC_WORDS:
                return " ".join(_SWAPPED.get(word, word) for word in kept)
    return ""


def quotable(question: str) -> str:
    """The question in the caller's words, to be said back; empty when it is too long for that."""
    asked = core(question)
    return asked if 1 < len(asked.split()) <= _QUOTED_WORDS else ""
