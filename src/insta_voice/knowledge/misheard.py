"""Names as recognisers write them, "two F A", "S. A. M. L.", "sam'l", "stored iq", "trell", put right by those that the
articles use: rules over what insta.names_heard knows of the words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from insta_voice.knowledge.heard_words import CONTRACTIONS, HeardWord, heard_words
from insta_voice.knowledge.letters import changed_letters
from insta_voice.knowledge.questions import EMPTY_WORDS
from insta_voice.knowledge.spoken_numbers import ONES

_DIGITS = {word: str(digit) for word, digit in ONES.items()}
_SIDE_BY_SIDE = re.compile(" ")
_SPELLED_GAP = re.compile(r"[.,]? ?")  # letters are also written with full stops and commas
_HYPHEN = re.compile(" ?- ?")
_CAPITAL_INSIDE = re.compile(r"[^\W\d_A-Z][A-Z]")
_VOWELS = frozenset("aeiou")
_LONGEST_RUN = 6  # "S. A. M. L. two"; more letters are mostly said as a word
_LONGEST_NAME = 24  # as insta.names_in has it
_SHORTEST_WORD, _LONG_WORD = 4, 8  # shorter than 4 is like too many names; from 8 on two letters may be wrong


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


def runs_of(question: str) -> frozenset[str]:
    """What words of the question are when they are written together, and a word without its apostrophe."""
    words = heard_words(question)
    return frozenset(
        form for first in range(len(words)) for *_, forms in _runs(question, words, first) for form in forms
    )


def words_of(question: str) -> frozenset[str]:
    """The words that may be a name alone."""
    return frozenset(word.text for word in heard_words(question) if _may_be_a_name(word.text))


def put_right(question: str, names: Sequence[Name]) -> str:
    """The question with names in the place of the words that are one together, the longest first, and behind a word
    that is like one: what was heard may be right, and then nothing is lost.
    """
    together = {name.heard: name for name in names if not name.is_alike}
    alike = nearest_names(names)
    words = heard_words(question)
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


def nearest_names(names: Sequence[Name]) -> dict[str, str]:
    """For each word the name that sounds so, or else that with the fewest letters changed."""
    nearest: dict[str, tuple[int, str]] = {}
    for name in names:
        if name.is_alike and (far := _far(name)) is not None:
            nearest[name.heard] = min((far, name.name), nearest.get(name.heard, (far, name.name)))
    return {heard: name for heard, (_, name) in nearest.items()}


def _may_be_a_name(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD and word.isalpha() and word not in CONTRACTIONS


def _runs(question: str, words: Sequence[HeardWord], first: int) -> Iterator[tuple[int, bool, tuple[str, ...]]]:
    """How many words from `first` on, the most first, whether any is spelled, and what they are together: as heard, and
    with digits. One alone is taken where its letters fell apart, as in "sam'l".
    """
    for count in range(min(_LONGEST_RUN, len(words) - first), 1, -1):
        run = words[first : first + count]
        is_spelled = any(word.is_spelled for word in run)
        if not all(_may_be_joined(question, a, b, is_spelled) for a, b in pairwise(run)):
            continue
        if any(_is_empty(word, is_spelled) for word in (run[0], run[-1])):
            continue  # "up on" and "the IBM" are what they are
        if re.match(r"\.\d", question[run[-1].end :]):
            continue  # not the "v 8" of "v 8.5"
        told = [word.text for word in run]
        forms = dict.fromkeys(("".join(told), "".join(_DIGITS.get(word, word) for word in told)))
        yield count, is_spelled, tuple(form for form in forms if len(form) <= _LONGEST_NAME)
    if words[first].is_broken and len(words[first].text) <= _LONGEST_NAME:
        yield 1, True, (words[first].text,)


def _may_be_joined(question: str, a: HeardWord, b: HeardWord, is_spelled: bool) -> bool:
    """Whether what stands between two words may stand inside a name that is spelled, or else side by side."""
    if not is_spelled:
        return _SIDE_BY_SIDE.fullmatch(question, a.end, b.start) is not None
    if _HYPHEN.fullmatch(question, a.end, b.start):
        return a.may_be_letters and b.may_be_letters
    return _SPELLED_GAP.fullmatch(question, a.end, b.start) is not None


def _is_empty(word: HeardWord, is_spelled: bool) -> bool:
    """A word that no name begins or ends with, but for the letters "a" and "i" among others."""
    return word.text in EMPTY_WORDS and not word.is_spelled and not (is_spelled and len(word.text) == 1)


def _first_name(question: str, words: Sequence[HeardWord], first: int, together: dict[str, Name]) -> tuple[int, str]:
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
    far = changed_letters(name.heard, told)
    return far if far <= (2 if len(name.heard) >= _LONG_WORD else 1) else None
