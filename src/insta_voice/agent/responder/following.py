"""A follow-up against what was said before: its best evidence is often that again, and only what is new was asked for.

"And what happens to my files?" after a word on refunds is not answered by the refund once more, however well both fit
the conversation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from insta_voice.agent.responder.again import unheard
from insta_voice.agent.responder.lexicon import alternatives, word_list
from insta_voice.agent.responder.turn import PastTurn, TurnView
from insta_voice.agent.responder.words import alike, content, core
from insta_voice.knowledge.evidence import Evidence, Passage

_KINDS = ("duration", "price", "number", "time")
_HOW = re.compile(r"\bhow \w+")  # "how long": the kind of thing that is asked for, and no word of the answer
_ENOUGH = 0.5  # of the new words; the others are in the caller's words and not in the article's


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`topic`: the words asked with before; `new`: those of its own question that are not among them; `kind` of thing
    it asks for, if any.
    """

    topic: frozenset[str]
    new: frozenset[str]
    kind: str | None
    denies: bool
    said: frozenset[tuple[str, str]]  # article and sentence

    def was_said(self, passage: Passage, text: str) -> bool:
        """Whether the caller has heard it in this call."""
        return (passage.article_id, text) in self.said

    def speaks_of(self, passage: Passage) -> bool:
        """Whether it is of an article that was spoken from."""
        return any(passage.article_id == article for article, _ in self.said)

    def joins(self, text: str) -> bool:
        """Whether a sentence, of whatever article, names what is new beside what was asked about before."""
        there = content(text)
        return all(any(alike(word, other) for word in there for other in asked) for asked in (self.topic, self.new))

    def share(self, passage: Passage, text: str) -> float:
        """Of what is new in the question, how much a sentence or the heading over it has, 0 to 1."""
        if not self.new:
            return 0.0
        there = content(f"{passage.heading} {text}")
        return sum(any(alike(word, other) for other in there) for word in self.new) / len(self.new)

    def denied(self, passage: Passage, text: str) -> bool:
        """Whether question and sentence both speak of what is not: "and without a card?"."""
        return self.denies and bool(alternatives("denial").search(f"{passage.heading} {text}"))

    def answered(self, passage: Passage, text: str) -> bool:
        """Whether a sentence speaks of what is new, and as it was asked."""
        if self.denies and not self.denied(passage, text):
            return False
        if self.kind is not None and not alternatives(f"tells_{self.kind}").search(text):
            return False
        return not self.new or self.share(passage, text) >= _ENOUGH


def follow_up(turn: TurnView, evidence: Evidence) -> FollowUp | None:
    """None where the search took the question for itself, or no article was told before it."""
    told = [place for place, past in enumerate(turn.past) if past.said is not None and past.said.citations]
    if evidence.query == evidence.question or evidence.chosen or not told:
        return None
    topic = content(" ".join(past.asked for past in turn.past[told[-1] :])) - word_list("asking")
    kind = asked_kind(evidence.question)
    said = frozenset(sentence for place in told for sentence in _heard(turn.past[place]))
    return FollowUp(topic, _new(evidence.question, topic), kind, _denies(evidence.question), said)


def asked_kind(question: str) -> str | None:
    """The kind of thing a question asks for: a time for "how long", a number for "how many"."""
    asked = core(question)
    return next((kind for kind in _KINDS if alternatives(f"asks_{kind}").search(asked)), None)


def _new(question: str, topic: frozenset[str]) -> frozenset[str]:
    asked = content(_HOW.sub(" ", core(question))) - word_list("asking")
    return frozenset(word for word in asked if not any(alike(word, other) for other in topic))


def _denies(question: str) -> bool:
    return bool(alternatives("denial").search(core(question)))


def _heard(past: PastTurn) -> Iterator[tuple[str, str]]:
    """The sentences of an answer up to where it was cut off."""
    cut = unheard(past)
    for part in past.said.parts if past.said is not None else ():
        if part.citation is not None and part not in cut:
            yield part.citation.passage.article_id, part.citation.quote
