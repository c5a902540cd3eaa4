"""Ordinary words that are misspelt, "chnage my pasword", put right by those that the articles use: rules over what
insta.spellings knows of the words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from insta_voice.knowledge.heard_words import CONTRACTIONS, HeardWord, heard_words
from insta_voice.knowledge.letters import changed_letters

_SHORTEST = 5  # most words of four letters are one letter from another: "bill" and "ball"
_LONGEST = 24  # as insta.words_in has it
_LETTERS_PER_SLIP = 5  # so that "requisite" is no "prerequisite", and "subscribtoin" still "subscription"
_MOST_SLIPS = 2
# Words that are right are not put right, whether an article has them or not: "charge" is no "change". From the
# vocabulary of the local models' tokenizer: grep -xE '[a-z]{4,24}' vocab.txt
_ENGLISH = frozenset(
    word
    for file in ("english_words.txt", "help_desk_words.txt")  # what support is asked about and few others: "login"
    for word in (resources.files("insta_voice.knowledge") / file).read_text("ascii").split()
)
# That a question is in English: the list says of no German or Spanish word that it is right, and "cuesta" is no
# "cuenta". None of these is a word of the two.
_ONLY_ENGLISH_WORDS = """
the my how what where when why which who you your i we our they it this that these is are does do did can could
will would should to of and or for from with not have has get make please there
"""
_ONLY_ENGLISH = frozenset(_ONLY_ENGLISH_WORDS.split())
_MOST_MISSPELT = 5  # of a question; more, and it is in another language, or about something else
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word of the articles that is written much like what was heard, and its lexeme: "invoice" and "invoices" have
    one.
    """

    heard: str
    word: str
    term: str


def misspelt_of(question: str) -> frozenset[str]:
    """The words that may be misspelt, if no article has them: no English ones, no contractions, no names."""
    found = frozenset(word.text for word in heard_words(question) if _may_be_misspelt(question, word))
    return found if len(found) <= _MOST_MISSPELT else frozenset()


def is_in_english(question: str) -> bool:
    """As far as its words say: one that only English has, or half of them in the list."""
    words = heard_words(question)
    if any(word.text in _ONLY_ENGLISH for word in words):
        return True
    return 2 * sum(_is_english(word.text) for word in words) >= len(words)


def spelled_right(question: str, spellings: Sequence[Spelling], names: Mapping[str, str]) -> str:
    """The question with the words of the articles in the place of those that are misspelt. One that is like a name in
    `names` is left to that, unless the name is the word.
    """
    nearest = _nearest(spellings)
    pieces: list[str] = []
    at = 0
    for word in heard_words(question):
        right = nearest.get(word.text)
        if not right or names.get(word.text, right).lower() != right or not _may_be_misspelt(question, word):
            continue
        pieces += [question[at : word.start], right]
        at = word.end
    return "".join([*pieces, question[at:]])


def _may_be_misspelt(question: str, word: HeardWord) -> bool:
    return (
        _SHORTEST <= len(word.text) <= _LONGEST
        and word.text.isalpha()
        and not word.ending
        and word.text not in CONTRACTIONS
        and not _is_english(word.text)
        and not _has_a_names_capital(question, word)
    )


def _is_english(word: str) -> bool:
    return word in _ENGLISH or any(word.endswith(ending) and word[: -len(ending)] in _ENGLISH for ending in _ENDINGS)


def _has_a_names_capital(question: str, word: HeardWord) -> bool:
    """Whether it begins with a capital where no sentence begins."""
    before = question[: word.start].rstrip(" \"'“‘(")
    return question[word.start].isupper() and bool(before) and before[-1] not in ".?!:\n"


def _nearest(spellings: Sequence[Spelling]) -> dict[str, str]:
    """For each word that which is nearest, where another meaning is not as near."""
    by_word: dict[str, list[tuple[int, bool, str, str]]] = {}
    for spelling in spellings:
        slips = changed_letters(spelling.heard, spelling.word)
        if slips <= min(len(spelling.heard) // _LETTERS_PER_SLIP, _MOST_SLIPS):
            # Of two as near, that of the same letters: letters change places, or are doubled, oftener than they turn
            # into others. "thier" is "their", not "tier".
            turns = set(spelling.heard) != set(spelling.word)
            by_word.setdefault(spelling.heard, []).append((slips, turns, spelling.word, spelling.term))
    nearest: dict[str, str] = {}
    for heard, found in by_word.items():
        *far, word, term = min(found)
        if all(other == term for *as_far, _, other in found if as_far == far):
            nearest[heard] = word
    return nearest
