"""Names as recognisers write them, "two F A", "S. A. M. L.", "stored iq", "trell", put right by those that the articles
use: rules over what insta.names_heard knows of the words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from insta_voice.knowledge.questions import EMPTY_WORDS
from insta_voice.knowledge.spoken_numbers import ONES

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DIGITS = {word: str(digit) for word, digit in ONES.items()}
_SIDE_BY_SIDE = re.compile(" ")
_SPELLED_GAP = re.compile(r"[.,]? ?")  # letters are also written with full stops and commas
_CAPITAL_INSIDE = re.compile(r"[^\W\d_A-Z][A-Z]")
_VOWELS = frozenset("aeiou")
_LONGEST_RUN = 6  # "S. A. M. L. two"; more letters are mostly said as a word
_LONGEST_NAME = 24  # as insta.names_in has it
_SHORTEST_WORD, _LONG_WORD = 4, 8  # shorter than 4 is like too many names; from 8 on two letters may be wrong
_MOST_WORDS = 200  # a question has ten; beyond that it is a letter, whose names come first
_CONTRACTIONS = frozenset(word.replace("'", "") for word in EMPTY_WORDS) | {"theres", "youre", "thats", "ive"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name that `articles` articles use, and what was heard: its words written together, or a word that it is like,
    perhaps in its sound.
    """

    heard: str
    name: str
    articles: int
    is_alike: bool
    sounds_so: bool


@dataclass(frozen=True, slots=True)
class _Word:
    text: str  # lower case, letters and digits
    start: int
    end: int

    @property
    def is_spelled(self) -> bool:
        """A letter or a digit of its own; "a" and "I" are words."""
        return (len(self.text) == 1 and self.text not in "ai") or self.text in _DIGITS


def runs_of(question: str) -> frozenset[str]:
    """What words of the question are when they are written together."""
    words = _words(question)
    return frozenset(
        form for first in range(len(words)) for *_, forms in _runs(question, words, first) for form in forms
    )


def words_of(question: str) -> frozenset[str]:
    """The words that may be a name alone."""
    return frozenset(word.text for word in _words(question) if _may_be_a_name(word.text))


def put_right(question: str, names: Sequence[Name]) -> str:
    """The question with names in the place of the words that are one together, the longest first, and behind a word
    that is like one: what was heard may be right, and then nothing is lost.
    """
    together = {name.heard: name for name in names if not name.is_alike}
    alike = _nearest(names)
    words = _words(question)
    pieces: list[str] = []
    at = first = 0
    while first < len(words):
        count, name = _first_name(question, words, first, together)
        last = words[first + count - 1]
        if not name and last.text in alike:
            name = f"{question[last.start : last.end]} {alike[last.text]}"
        if name:
            pieces += [question[at : words[first].start], name]
            at = last.end
        first += count
    return "".join([*pieces, question[at:]])


def _words(question: str) -> list[_Word]:
    found = list(_WORD.finditer(question))[:_MOST_WORDS]
    return [_Word(re.sub("['’]", "", word[0]).lower(), word.start(), word.end()) for word in found]


def _may_be_a_name(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD and word.isalpha() and word not in _CONTRACTIONS


def _runs(question: str, words: Sequence[_Word], first: int) -> Iterator[tuple[int, bool, tuple[str, ...]]]:
    """How many words from `first` on, the most first, whether any is spelled, and what they are together: as heard, and
    with digits.
    """
    for count in range(min(_LONGEST_RUN, len(words) - first), 1, -1):
        run = words[first : first + count]
        is_spelled = any(word.is_spelled for word in run)
        gap = _SPELLED_GAP if is_spelled else _SIDE_BY_SIDE
        if not all(gap.fullmatch(question, a.end, b.start) for a, b in pairwise(run)):
            continue
        if any(_is_empty(word, is_spelled) for word in (run[0], run[-1])):
            continue  # "up on" and "the IBM" are what they are
        if re.match(r"\.\d", question[run[-1].end :]):
            continue  # not the "v 8" of "v 8.5"
        told = [word.text for word in run]
        forms = dict.fromkeys(("".join(told), "".join(_DIGITS.get(word, word) for word in told)))
        yield count, is_spelled, tuple(form for form in forms if len(form) <= _LONGEST_NAME)


def _is_empty(word: _Word, is_spelled: bool) -> bool:
    """A word that no name begins or ends with, but for the letters "a" and "i" among others."""
    return word.text in EMPTY_WORDS and not word.is_spelled and not (is_spelled and len(word.text) == 1)


def _first_name(question: str, words: Sequence[_Word], first: int, together: dict[str, Name]) -> tuple[int, str]:
    """How many words from `first` on are a name, and which; (1, "") when none is.

    Whole words are left alone where but one article writes them together, which is mostly a slip, and where the name
    has no capital inside: "set up" is not "Setup".
    """
    for count, is_spelled, forms in _runs(question, words, first):
        for form in forms:
            name = together.get(form)
            if name and (is_spelled or (name.articles > 1 and _CAPITAL_INSIDE.search(name.name))):
                return count, name.name
    return 1, ""


def _nearest(names: Sequence[Name]) -> dict[str, str]:
    """For each word the name that sounds so, or else that with the fewest letters changed."""
    nearest: dict[str, tuple[int, str]] = {}
    for name in names:
        if name.is_alike and (far := _far(name)) is not None:
            nearest[name.heard] = min((far, name.name), nearest.get(name.heard, (far, name.name)))
    return {heard: name for heard, (_, name) in nearest.items()}


def _far(name: Name) -> int | None:
    """How far what was heard is from the name; None when that is too far."""
    told = name.name.lower()
    if _VOWELS.isdisjoint(name.heard):
        # Letters, all of them to be taken as they are but for one too many: "MSSQL" is not "MySQL".
        return 1 if name.heard[:-1] == told else None
    if name.sounds_so and abs(len(name.heard) - len(told.replace("x", "ks"))) <= 1:
        return 0
    if told[0] != name.heard[0] or (len(name.heard) == _SHORTEST_WORD and name.name[1:].islower()):
        return None
    far = _distance(name.heard, told)
    return far if far <= (2 if len(name.heard) >= _LONG_WORD else 1) else None


def _distance(a: str, b: str) -> int:
    """How many letters are put in, left out or exchanged between the two (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
    return row[-1]
