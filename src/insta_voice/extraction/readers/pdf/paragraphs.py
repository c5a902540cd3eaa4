"""Lines into paragraphs, list items and headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from insta_voice.extraction.readers.pdf.headings import Headings
from insta_voice.extraction.readers.pdf.hyphens import Joiner
from insta_voice.extraction.readers.pdf.lines import Line, Page
from insta_voice.extraction.readers.pdf.marks import BULLET, NUMBER

_BULLET = re.compile(rf"{BULLET}\s+")
_NUMBERED = re.compile(rf"{NUMBER}\s+")
_LONGEST_HEADING_WORDS = 30  # over several lines
_SENTENCE_ENDS = (".", "!", "?", ":", "…")


@dataclass(slots=True)
class Paragraph:
    """`level` is 1 to 6 for a heading, 0 for text."""

    text: str
    level: int
    box: tuple[int, int]  # page and box
    is_item: bool = False


def paragraphs_of(pages: Sequence[Page], headings: Headings) -> Iterator[Paragraph]:
    """In reading order. A sentence that goes on behind a page's end is one."""
    joiner = Joiner(line.text for page in pages for line in page.lines)
    open_one: Paragraph | None = None
    for number, page in enumerate(pages):
        for line in page.lines:
            new = _begin(line, headings, (number, line.box))
            if open_one is not None and _goes_on(open_one, new):
                open_one.text = joiner.join(open_one.text, new.text)
                open_one.box = new.box
                continue
            if open_one is not None:
                yield open_one
            open_one = new
    if open_one is not None:
        yield open_one


def _begin(line: Line, headings: Headings, box: tuple[int, int]) -> Paragraph:
    level = headings.level(line)
    if not level and (bullet := _BULLET.match(line.text)):
        return Paragraph(f"- {line.text[bullet.end() :]}", 0, box, is_item=True)
    if not level and (numbered := _NUMBERED.match(line.text)):
        return Paragraph(f"{numbered[1]}. {line.text[numbered.end() :]}", 0, box, is_item=True)
    return Paragraph(line.text, level, box)


def _goes_on(before: Paragraph, new: Paragraph) -> bool:
    if before.level != new.level or new.is_item:
        return False
    if new.level and len(before.text.split()) > _LONGEST_HEADING_WORDS:
        return False
    if before.box == new.box:
        return True
    unfinished = not before.text.endswith(_SENTENCE_ENDS) and new.text[:1].islower()
    return not before.level and unfinished
