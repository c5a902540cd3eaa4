"""Which lines are headings: by the size of their letters, or in bold on a line of their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from insta_voice.extraction.readers.pdf.lines import Line

_LARGER = 1.12  # than the text: 12 points over 11 are not meant, 14 are
_LONGEST_WORDS = 20
_ENDS = (".", ":", ",", ";")
_DEEPEST = 6  # Markdown's


@dataclass(frozen=True, slots=True)
class Headings:
    """The sizes of headings, the largest first; the text's own; whether bold letters stand out from it."""

    sizes: tuple[float, ...]
    text_size: float
    bold_stands_out: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Headings":
        """The text has the size that most letters have, the smaller where two have as many."""
        letters: Counter[float] = Counter()
        for line in lines:
            letters[line.size] += len(line.text)
        if not letters:
            return cls((), 0.0, False)
        text_size = max(letters, key=lambda size: (letters[size], -size))
        larger = {line.size for line in lines if line.size >= text_size * _LARGER and _is_short(line)}
        bold = sum(len(line.text) for line in lines if line.bold)
        return cls(tuple(sorted(larger, reverse=True)), text_size, bold * 2 < letters.total())

    def level(self, line: Line) -> int:
        """1 to 6; 0 for a line of text."""
        if line.size in self.sizes and _is_short(line):
            return min(self.sizes.index(line.size) + 1, _DEEPEST)
        if self.bold_stands_out and line.bold and self._begins_a_part(line):
            return min(len(self.sizes) + 1, _DEEPEST)
        return 0

    def _begins_a_part(self, line: Line) -> bool:
        return _is_short(line) and line.size >= self.text_size and not line.text.endswith(_ENDS)


def _is_short(line: Line) -> bool:
    return len(line.text.split()) <= _LONGEST_WORDS and any(letter.isalpha() for letter in line.text)
