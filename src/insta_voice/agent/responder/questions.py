"""What of a turn asks the account, what asks the help articles, and how a part is named when nothing was found."""

import re
from dataclasses import dataclass, replace

from insta_voice.agent.responder.account import Topic, asked_topics
from insta_voice.agent.responder.fields import asks_for_a_fact, asks_for_own_value
from insta_voice.agent.responder.intents import without_opener
from insta_voice.agent.responder.lexicon import lexicon
from insta_voice.agent.responder.words import content, core
from insta_voice.knowledge.evidence import Evidence

_CLAUSES = re.compile(
    r"[?.!;]\s+|,?\s+(?:and also|and then|and|also|but)\s+|,\s+(?=(?:how (?:many|much)|what|which|when|where|who)\b)",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|am|was|were|do|does|did|have|has|had|can|could|will|would|should|may|must)\b")
_REFERS_BACK = re.compile(r"\b(?:it|that|they|those|this)\b")
_SWAPPED = {"my": "your", "our": "your", "i": "you", "we": "you", "me": "you", "us": "you", "your": "our", "am": "are"}
_TOPIC_WORDS = 7
_QUOTED_WORDS = 14


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of what was asked, in its place: the account answers its `topics`, or its question when that
    `asks_fact`, first; the articles otherwise."""

    question: str
    topics: tuple[Topic, ...] = ()
    asks_fact: bool = False
    evidence: Evidence | None = None

    @property
    def asks_account(self) -> bool:
        """Whether the account may know it."""
        return bool(self.topics) or self.asks_fact

    @property
    def is_of_account(self) -> bool:
        """Whether nothing but the account can know it."""
        return bool(self.topics) or (self.asks_fact and asks_for_own_value(self.question))


def asked_parts(heard: str, evidence: tuple[Evidence, ...]) -> tuple[Asked, ...]:
    """The parts of the turn in the order they were asked, as retrieval split them; account parts recognised."""
    if len(evidence) > 1:
        parts = _recognised([e.question for e in evidence])
        return _without_repeats([replace(part, evidence=e) for part, e in zip(parts, evidence, strict=True)])
    found = evidence[0] if evidence else None
    parts = _recognised([clause for clause in _CLAUSES.split(without_opener(heard)) if content(clause)])
    if len(parts) > 1 and any(part.asks_account for part in parts):
        return _with_the_rest(parts, found)
    whole = found.question if found is not None else heard
    topics = tuple(dict.fromkeys(topic for part in parts for topic in part.topics)) or asked_topics(heard)
    asked = Asked(whole, topics, asks_for_a_fact(whole), found)
    return (asked,) if asked.asks_account or found is not None else ()


def _with_the_rest(parts: list[Asked], found: Evidence | None) -> tuple[Asked, ...]:
    """One search for several clauses: what the account is not asked for is one part, where the first of it stands."""
    if all(part.asks_account for part in parts):
        return tuple(replace(part, evidence=found) for part in parts)
    own = [part for part in parts if part.asks_account]
    if found is None:
        return tuple(own)
    rest = Asked(", ".join(part.question for part in parts if not part.asks_account), evidence=found)
    return (*own, rest) if parts[0].asks_account else (rest, *own)


def _recognised(clauses: list[str]) -> list[Asked]:
    """What each clause asks of the account. "When does it renew" after "which plan am I on" goes on from it, and
    "how many servers" before "how much storage do I have" shares its verb."""
    parts: list[Asked] = []
    own = any(asks_for_a_fact(clause) for clause in clauses)
    for clause in clauses:
        goes_on = bool(parts and parts[-1].asks_account and _REFERS_BACK.search(core(clause)))
        shares = own and not _VERB.search(core(clause))
        parts.append(
            Asked(clause, asked_topics(clause, own=goes_on or shares), asks_for_a_fact(clause, own=goes_on or shares))
        )
    return parts


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
