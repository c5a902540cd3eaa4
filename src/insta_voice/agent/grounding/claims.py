"""What an answer claims about the product, the account or what was done, and whether its turn's material says so.

Judged by words and numbers, in microseconds and the same each time; no second model is asked. It is made for English,
as the articles and answers are, and it is a net with holes: what uses the material's words to say something else gets
through, and what says the material's in wholly other words does not (`bench`, "Unsupported sentences").
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from text_to_num import alpha2digit

from insta_voice.agent.responder.words import content, words
from insta_voice.knowledge.sentences import split_sentences

# Of the words that carry meaning. Answers in other words than the article's keep more, other articles' sentences less:
# `python -m bench grounding`.
SUPPORTED_SHARE = 0.5
FEWEST_WORDS = 3  # fewer say too little to be judged by: "You can change it."
_STEM_LETTERS = 5  # "inviting" meets "invite", "cancelled" meets "cancel"
_LARGEST_COUNT = 10
_A_WORD = 30  # characters are enough for the word after a number
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?!\d)")


@dataclass(frozen=True, slots=True)
class Material:
    """What an answer may rest on. `acted`: a tool has done something in this turn."""

    texts: tuple[str, ...]
    acted: bool = False


def unsupported(answer: str, material: Material) -> tuple[str, ...]:
    """The sentences of `answer` that claim what no text of `material` says."""
    known = _Known.of(material)
    return tuple(each for each in split_sentences(answer) if not _supported(_in_figures(each), known))


def says_only(clause: str, material: Material) -> bool:
    """Whether `clause` claims something, and no word or number of it but the material's. It is the beginning of a
    sentence that nobody knows yet, and so is judged more strictly than a whole one.
    """
    known, clause = _Known.of(material), _in_figures(clause)
    if _claims_a_deed(clause, known) or _claimed_numbers(clause) - known.numbers:
        return False
    return bool(claimed := _claimed(clause)) and claimed <= known.words


@dataclass(frozen=True, slots=True)
class _Known:
    words: frozenset[str]
    numbers: frozenset[int]
    acted: bool

    @classmethod
    def of(cls, material: Material) -> "_Known":
        texts = [_in_figures(text) for text in material.texts]
        return cls(
            frozenset(_stem(word) for text in texts for word in content(text)),
            frozenset(number for text in texts for number, _ in _numbers(text)),
            material.acted,
        )


def _supported(sentence: str, known: _Known) -> bool:
    if sentence.rstrip("\"')”’").endswith("?"):
        return True
    if _claims_a_deed(sentence, known):
        return False
    if any(pattern.search(_plain(sentence)) for pattern in _patterns("not_knowing")):
        return True
    if _claimed_numbers(sentence) - known.numbers:
        return False
    claimed = _claimed(sentence)
    return len(claimed) < FEWEST_WORDS or len(claimed & known.words) / len(claimed) >= SUPPORTED_SHARE


def _claims_a_deed(sentence: str, known: _Known) -> bool:
    return not known.acted and any(pattern.search(_plain(sentence)) for pattern in _patterns("done"))


def _claimed_numbers(sentence: str) -> set[int]:
    return {number for number, counted in _numbers(sentence) if not _only_counts(number, counted)}


def _claimed(sentence: str) -> set[str]:
    return {_stem(word) for word in content(sentence) - _word_set("no_claim") if not word[0].isdigit()}


def _plain(sentence: str) -> str:
    return " ".join(words(sentence))


def _in_figures(text: str) -> str:
    """Numbers in words become figures: "sixty-four" is 64."""
    return str(alpha2digit(text.replace("-", " "), "en", threshold=0))


def _numbers(text: str) -> Iterator[tuple[int, str]]:
    """Every number of `text` with the word after it; of "9.50" both halves."""
    for found in _NUMBER.finditer(text):
        following = words(text[found.end() : found.end() + _A_WORD])
        yield int(found[0].replace(",", "")), following[0] if following else ""


def _only_counts(number: int, following: str) -> bool:
    """Whether it says how many things come next, or is the "one" of "one of them"."""
    return number == 1 or (number <= _LARGEST_COUNT and following in _word_set("counted"))


def _stem(word: str) -> str:
    return word[:_STEM_LETTERS]


@lru_cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))


@lru_cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(_lists()[name].split())


@lru_cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _lists()[name])
