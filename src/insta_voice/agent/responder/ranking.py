"""Which sentence of the passages found answers: the search's own scores, and what the form of question and text adds.

The weights are round numbers that start 59 of 66 answers to the demo company's questions at the right sentence,
against 49 for the search's scores alone.
"""

import re
from collections.abc import Sequence

from insta_voice.agent.responder.following import FollowUp, asked_kind
from insta_voice.agent.responder.lexicon import alternatives, word_list
from insta_voice.agent.responder.units import Unit, read
from insta_voice.agent.responder.words import content, core, words
from insta_voice.knowledge.evidence import Evidence, Passage

PASSAGES_WEIGHED = 3
LEAST_PASSAGE = 0.6  # of the best passage's score: what lies below is about something else

_OPENS_SECTION = 0.15  # a section says what it is about first
_HEADING_ASKED = 0.6  # times the share of the question that its heading has
_SHARED_WORDS = 0.2  # times the share of the question's words in the sentence
_INSTRUCTS = 0.2  # when a way to do something is asked for
_RIGHT_KIND = 0.35  # a time for "how long", a number for "how many"
_BOTH_NEGATE = 1.35  # "I never got it" and the section "If it does not arrive"
_NEW_WORDS = 0.3  # in an article that was spoken from: times the share of what is new in a follow-up
_BOTH_DENY = 0.5  # the same, where both speak of what is not

Candidate = tuple[Passage, tuple[Unit, ...], int]
"""A passage, its units, and the place of one of them."""


def ranked(evidence: Evidence, follow_up: FollowUp | None = None) -> list[Candidate]:
    """Every sentence that could be the answer, best first; the earlier of equals first."""
    asked = _Question(evidence.question, follow_up)
    top = max((passage.score for passage in evidence.passages), default=0.0)
    found: list[tuple[float, Candidate]] = []
    for passage in evidence.passages[:PASSAGES_WEIGHED]:
        weight = passage.score / top if top > 0 else 1.0
        if weight < LEAST_PASSAGE:
            continue
        if asked.negates and alternatives("negation").search(passage.heading):
            weight *= _BOTH_NEGATE
        units = read(passage)
        for place, unit in enumerate(units):
            if unit.role != "detail" or len(units) == 1:
                found.append((weight * asked.value(unit, place, passage), (passage, units, place)))
    found.sort(key=lambda scored: -scored[0])
    return [candidate for _, candidate in found]


def beyond_what_was_said(candidates: Sequence[Candidate], follow_up: FollowUp) -> Candidate | None:
    """The first of `candidates` that answers a follow-up. One that was said before does when it has what is new in the
    question; in the place of one that does not, another that has it, and belongs to what was spoken of.
    """
    best = candidates[0]
    if not _said(best, follow_up) or not (follow_up.new or follow_up.kind) or (follow_up.new and _has(best, follow_up)):
        return best
    for candidate in candidates:
        passage, units, place = candidate
        belongs = passage.article_id == best[0].article_id or follow_up.joins(units[place].text)
        if belongs and not _said(candidate, follow_up) and _has(candidate, follow_up):
            return candidate
    return best if _has(best, follow_up) else None


def _said(candidate: Candidate, follow_up: FollowUp) -> bool:
    passage, units, place = candidate
    return follow_up.was_said(passage, units[place].text)


def _has(candidate: Candidate, follow_up: FollowUp) -> bool:
    passage, units, place = candidate
    return follow_up.answered(passage, units[place].text)


def asks_for_a_way(question: str) -> bool:
    """Whether steps are the answer: "how do I …", or a trouble told without a question."""
    asked = core(question)
    return bool(alternatives("procedural").search(asked)) or not alternatives("question_word").match(asked)


class _Question:
    def __init__(self, question: str, follow_up: FollowUp | None) -> None:
        asked = core(question)
        self._follow_up = follow_up
        self._content = content(question)
        self._for_a_way = asks_for_a_way(question)
        self._kind = asked_kind(question)
        self.negates = bool(alternatives("negation").search(asked))

    def value(self, unit: Unit, place: int, passage: Passage) -> float:
        value = unit.score + _SHARED_WORDS * self._shared(unit.text)
        if place == 0:
            value += _OPENS_SECTION + _HEADING_ASKED * self._shared(passage.heading)
        if self._for_a_way and instructs(unit.text):
            value += _INSTRUCTS
        if self._kind is not None and alternatives(f"tells_{self._kind}").search(unit.text):
            value += _RIGHT_KIND
        if self._follow_up is not None and self._follow_up.speaks_of(passage):
            weight = _NEW_WORDS + (_BOTH_DENY if self._follow_up.denied(passage, unit.text) else 0.0)
            value += weight * self._follow_up.share(passage, unit.text)
        return value

    def _shared(self, text: str) -> float:
        return len(self._content & content(text)) / len(self._content) if self._content else 0.0


def instructs(text: str) -> bool:
    """Whether a sentence tells what to do: "Open …", "To do so, choose …"."""
    verbs = word_list("instructions")
    clauses: Sequence[str] = re.split(r",\s+", re.sub(r"^(?:first|then|next|also),? ", "", text, flags=re.IGNORECASE))
    first = [words(clause)[:1] for clause in clauses]
    return bool(first[0]) and (first[0][0] in verbs or any(word and word[0] in verbs for word in first[1:2]))
