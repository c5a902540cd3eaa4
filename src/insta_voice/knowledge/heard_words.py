"""The words of a question, as the rules that put names and spelling right see them."""

import re
from dataclasses import dataclass

from insta_voice.knowledge.questions import EMPTY_WORDS
from insta_voice.knowledge.spoken_numbers import ONES

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MOST_WORDS = 200  # a question has ten; beyond that it is a letter, whose names come first
_WITHOUT_APOSTROPHES = (
    "theres youre youve youll thats ive theyre theyve theyll arent werent wasnt havent hasnt hadnt didnt couldnt "
    "wouldnt shouldnt"
)
CONTRACTIONS = frozenset(word.replace("'", "") for word in EMPTY_WORDS) | {*_WITHOUT_APOSTROPHES.split()}
_ENDINGS = frozenset({"s", "t", "d", "m", "ll", "re", "ve"})  # "it's", "don't", "I'd", "I'm", "I'll", "we're", "I've"
_SHORTEST_BROKEN = 3  # "I'l" is a slip more often than a name


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word in lower case, letters and digits, and where it stands; `ending` is what follows its last apostrophe."""

    text: str
    start: int
    end: int
    ending: str

    @property
    def is_spelled(self) -> bool:
        """A letter or a digit of its own; "a" and "I" are words."""
        return (len(self.text) == 1 and self.text not in "ai") or self.text in ONES

    @property
    def may_be_letters(self) -> bool:
        """Whether hyphens may join it to letters: the "FA" of "2-FA", not the "mail" of "e-mail"."""
        return self.is_spelled or self.text in "ai" or (len(self.text) <= 2 and self.text not in EMPTY_WORDS)

    @property
    def is_broken(self) -> bool:
        """An apostrophe stands where no English word has one: "sam'l"."""
        return (
            bool(self.ending)
            and self.ending not in _ENDINGS
            and len(self.text) >= _SHORTEST_BROKEN
            and self.text not in CONTRACTIONS
        )


def heard_words(question: str) -> list[HeardWord]:
    """The words of a question, in order."""
    return [_heard(found) for found in list(_WORD.finditer(question))[:_MOST_WORDS]]


def _heard(found: re.Match[str]) -> HeardWord:
    text, *endings = re.split("['’]", found[0].lower())
    return HeardWord("".join([text, *endings]), found.start(), found.end(), endings[-1] if endings else "")
