"""Running headers and footers, and page numbers: what stands on page after page at the same edge."""

import re
from collections import Counter
from collections.abc import Sequence

from insta_voice.extraction.readers.pdf.lines import Line, Page

_EDGE = 0.12  # of the page's height, above and below: margins of an inch on A4 and Letter are .09
_OFTEN = 3  # pages; on all, where there are fewer
_NUMBER = re.compile(
    r"\W*((page|seite|página|p\.)\s*)?(\d{1,4}|[ivxl]{1,6})(\s*(/|of|von|de)\s*\d{1,4})?\W*", re.IGNORECASE
)

_Key = tuple[bool, float, str]  # which edge, and the letters' size: a book's title is no running head on its first page


def without_running_lines(pages: Sequence[Page]) -> list[Page]:
    """The pages without the lines at their edges that repeat but for their numbers, and without page numbers."""
    seen = Counter(key for page in pages for key in {_key(line) for line in page.lines if _is_at_edge(line)})
    often = min(_OFTEN, max(2, len(pages)))
    return [
        Page(tuple(line for line in page.lines if not (_is_at_edge(line) and _runs(line, seen, often))))
        for page in pages
    ]


def _runs(line: Line, seen: Counter[_Key], often: int) -> bool:
    return seen[_key(line)] >= often or _NUMBER.fullmatch(line.text) is not None


def _is_at_edge(line: Line) -> bool:
    return line.height < _EDGE or line.height > 1 - _EDGE


def _key(line: Line) -> _Key:
    return line.height < _EDGE, line.size, re.sub(r"\d+", "#", line.text.casefold())
