"""What was asked in vain in a call: from what the record says of its answers, and nothing else.

Greetings, goodbyes, fillers and what only the account knows are no questions to the articles: the record keeps no
search of them, or says by its kind that the turn was none. A question that is asked back ("do you mean this or that?")
is one, and counts by what came of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from insta_voice.knowledge.evidence import BY_WORDS
from insta_voice.knowledge.questions import content_words

Cause = Literal["no_answer", "not_solved", "person", "repeated"]
"""Nothing answered it; the caller says the call solved nothing; they wanted a person next; they asked again."""

_OF_QUESTIONS: Final = {"answer", "account", "unknown"}  # kinds of turns that a question was put to
_OF_ONE_ASKED_BACK: Final = "clarify"  # with a search: of any other of its kind the record keeps none
_OF_A_PERSON: Final = {"handover", "ticket"}
_OF_THE_SETTLED: Final = {"thanks", "greeting", "goodbye"}  # who then asks for a person wants something else


@dataclass(frozen=True, slots=True)
class Searched:
    """One question that the articles were asked: `calls.Search`, as the record keeps it."""

    question: str
    query: str
    confidence: float
    answerable: bool
    index: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A turn of the assistant that was heard, at least in part."""

    number: int
    kind: str
    searches: tuple[Searched, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the articles, by its place in the record. `query` can be understood without the call."""

    number: int
    part: int
    question: str
    query: str
    answered: bool

    @property
    def hangs_on(self) -> frozenset[str]:
        """The words that it was searched with beside its own: of the question before it, of the article chosen."""
        return frozenset(content_words(self.query)) - frozenset(content_words(self.question))

    def is_of_the_same(self, other: "Asked") -> bool:
        """Whether both hang on the same, so that words that mean the same do: "and how much is that?" asks something
        else after each question. What was searched by its own words alone stands for itself.
        """
        return not (self.hangs_on and other.hangs_on) or self.hangs_on == other.hangs_on


def questions_of(answers: Sequence[Answer]) -> tuple[Asked, ...]:
    """What the articles were asked, in order. A search by words alone finds little, and says nothing about them. A
    question that was asked back and then decided is that of its answer.
    """
    return tuple(
        Asked(
            answer.number,
            part,
            one.question,
            one.query,
            one.answerable and answer.kind not in ("unknown", _OF_ONE_ASKED_BACK),
        )
        for place, answer in enumerate(answers)
        if _is_to_articles(answer)
        for part, one in enumerate(answer.searches)
        if one.answerable or one.index != BY_WORDS
        if answer.kind != _OF_ONE_ASKED_BACK or not _is_decided(one, answers[place + 1 :])
    )


def _is_to_articles(answer: Answer) -> bool:
    return answer.kind in _OF_QUESTIONS or (answer.kind == _OF_ONE_ASKED_BACK and bool(answer.searches))


def _is_decided(asked_back: Searched, later: Sequence[Answer]) -> bool:
    """The reply that decides it is searched as the question itself."""
    return any(one.question == asked_back.question for answer in later for one in answer.searches)


def in_vain(
    answers: Sequence[Answer],
    asked: Sequence[Asked],
    *,
    solved: bool | None,
    alike: Callable[[Asked, Asked], bool],
) -> Mapping[Asked, frozenset[Cause]]:
    """Which of `asked` were in vain, and why. `solved` is what the caller says of the call, `alike` whether two
    questions mean the same.
    """
    causes: dict[Asked, set[Cause]] = {one: set() if one.answered else {"no_answer"} for one in asked}
    for earlier, later in combinations(asked, 2):
        if earlier.number == later.number or not alike(earlier, later):
            continue
        if later.answered and not earlier.answered:
            causes[earlier].clear()  # in other words it was answered
        else:
            causes[later].add("repeated")
    for one in _before_a_person(answers, asked, causes):
        causes[one].add("person")
    if solved is False:
        for one in _to_blame(asked, causes):
            causes[one].add("not_solved")
    return {one: frozenset(why) for one, why in causes.items() if why}


def _before_a_person(
    answers: Sequence[Answer], asked: Sequence[Asked], causes: Mapping[Asked, set[Cause]]
) -> list[Asked]:
    """The questions after which a person was asked for, or the caller said that the answer did not help."""
    before: list[Asked] = []
    last: list[Asked] = []
    for answer in answers:
        if _is_to_articles(answer):
            last = [one for one in asked if one.number == answer.number]
        elif answer.kind in _OF_THE_SETTLED:
            last = []
        elif answer.kind in _OF_A_PERSON:
            before += _to_blame(last, causes)
    return before


def _to_blame(asked: Sequence[Asked], causes: Mapping[Asked, set[Cause]]) -> Sequence[Asked]:
    """Those that were in vain anyway; all where none was: one of them did not help."""
    return [one for one in asked if causes[one]] or asked
