"""Which sentence of the passages found answers: the search's own scores, and what the form of question and text adds.

The weights are round numbers that start 59 of 66 answers to the demo company's questions at the right sentence,
against 49 for the search's scores alone.
"""

import re
from collections.abc import Sequence

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

Candidate = tuple[Passage, tuple[Unit, ...], int]
"""A passage, its units, and the place of one of them."""


def ranked(evidence: Evidence) -> list[Candidate]:
    """Every sentence that could be the answer, best first; the earlier of equals first."""
    asked = _Question(evidence.question)
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


def asks_for_a_way(question: str) -> bool:
    """Whether steps are the answer: "how do I …", or a trouble told without a question."""
    asked = core(question)
    return bool(alternatives("procedural").search(asked)) or not alternatives("question_word").match(asked)


class _Question:
    def __init__(self, question: str) -> None:
        asked = core(question)
        self._content = content(question)
        self._for_a_way = asks_for_a_way(question)
        self._kind = next((kind for kind in ("duration", "price", "number", "time") if _asks(kind, asked)), None)
        self.negates = bool(alternatives("negation").search(asked))

    def value(self, unit: Unit, place: int, passage: Passage) -> float:
        value = unit.score + _SHARED_WORDS * self._shared(unit.text)
        if place == 0:
            value += _OPENS_SECTION + _HEADING_ASKED * self._shared(passage.heading)
        if self._for_a_way and instructs(unit.text):
            value += _INSTRUCTS
        if self._kind is not None and alternatives(f"tells_{self._kind}").search(unit.text):
            value += _RIGHT_KIND
        return value

    def _shared(self, text: str) -> float:
        return len(self._content & content(text)) / len(self._content) if self._content else 0.0


def _asks(kind: str, asked: str) -> bool:
    return bool(alternatives(f"asks_{kind}").search(asked))


def instructs(text: str) -> bool:
    """Whether a sentence tells what to do: "Open …", "To do so, choose …"."""
    verbs = word_list("instructions")
    clauses: Sequence[str] = re.split(r",\s+", re.sub(r"^(?:first|then|next|also),? ", "", text, flags=re.IGNORECASE))
    first = [words(clause)[:1] for clause in clauses]
    return bool(first[0]) and (first[0][0] in verbs or any(word and word[0] in verbs for word in first[1:2]))
