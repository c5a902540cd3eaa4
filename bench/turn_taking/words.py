"""Which words of what was said are missing in what was understood. Misheard words are not missing."""

import re
from difflib import SequenceMatcher

from text_to_num import alpha2digit

# What nobody misses.
_FILLERS = frozenset({"um", "uh", "er", "well"})
_ALIKE = 0.6  # of the letters: "If I cancelled to-day" and "If I cancel today"
_TOKEN = re.compile(r"\d|[^\W\d_]+(?:'[^\W\d_]+)*")


def tokens(text: str) -> list[str]:
    """Lower-case words without fillers; numbers as their digits, however they were written."""
    plain = alpha2digit(text.lower().replace("’", "'"), "en")
    return [token for token in _TOKEN.findall(plain) if token not in _FILLERS]


def lost(said: str, understood: str) -> int:
    """How many words of `said` have nothing in their place, where as many as possible are as they were said."""
    reference, heard = tokens(said), tokens(understood)
    # (errors, of them words without anything in their place) for each prefix of `heard`
    row = [(added, 0) for added in range(len(heard) + 1)]
    for number, word in enumerate(reference, 1):
        above, row = row, [(number, number)]
        for column, other in enumerate(heard, 1):
            errors, missing = above[column - 1]
            replaced = (errors + (word != other), missing)
            errors, missing = above[column]
            left_out = (errors + 1, missing + 1)
            errors, missing = row[-1]
            row.append(min(replaced, left_out, (errors + 1, missing)))
    return row[-1][1]


def is_whole(said: str, understood: str) -> bool:
    """Whether no part of it is gone: what a recogniser swallows is less than what a turn cut in two loses."""
    return lost(said, understood) <= min(2, len(tokens(said)) // 5)


def begins_with(understood: str, part: str) -> bool:
    """Whether its beginning is this part, or the same words recognised once more."""
    first, other = "".join(tokens(part)), "".join(tokens(understood))
    return SequenceMatcher(a=first, b=other[: len(first)], autojunk=False).ratio() >= _ALIKE
