"""The marks of items: what they look like, and those so far to the left of their text that they are lines of their
own."""

import re
from dataclasses import replace

from insta_voice.extraction.readers.pdf.lines import Line, Page

BULLET = r"[•‣▪●◦○–—*·\uf0b7-]"
NUMBER = r"(\d{1,3})[.)]"
_MARK = re.compile(f"{BULLET}|{NUMBER}")
_SAME_LINE = 0.006  # of the page's height: half of a line of ten points
_FARTHEST = 72.0  # points, an inch


def with_marks(page: Page) -> Page:
    """The page with each such mark before its text. A mark without a text goes."""
    marks = [line for line in page.lines if _MARK.fullmatch(line.text)]
    if not marks:
        return page
    texts = (line for line in page.lines if not _MARK.fullmatch(line.text))
    return Page(tuple(_with_mark(line, marks) for line in texts))


def _with_mark(line: Line, marks: list[Line]) -> Line:
    for mark in marks:
        if abs(mark.height - line.height) < _SAME_LINE and 0 < line.left - mark.left < _FARTHEST:
            return replace(line, text=f"{mark.text} {line.text}")
    return line
