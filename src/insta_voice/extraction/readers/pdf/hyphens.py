"""Joining lines: a hyphen at a line's end is the typesetter's, or the word's own."""

import re
from collections.abc import Iterable

_DIVIDED = re.compile(r"(?P<head>[^\W\d_]+)[-\u00ad\u2010]$")
_GOES_ON = re.compile(r"[^\W\d_]+")
_WITH_HYPHEN = re.compile(r"[^\W\d_]+-[^\W\d_]+")


class Joiner:
    """Knows the words that the document writes with a hyphen within a line, and keeps it in those."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._hyphenated = {word.casefold() for line in lines for word in _WITH_HYPHEN.findall(line)}

    def join(self, before: str, line: str) -> str:
        """Two lines of one paragraph as one."""
        divided = _DIVIDED.search(before)
        goes_on = _GOES_ON.match(line)
        if divided is None or goes_on is None or not line[:1].islower():
            return f"{before} {line}"
        word = f"{divided['head']}-{goes_on[0]}".casefold()
        return before + line if before.endswith("-") and word in self._hyphenated else before[:-1] + line
