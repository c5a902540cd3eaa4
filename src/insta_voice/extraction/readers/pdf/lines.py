"""The lines of a PDF in reading order, as pdfminer's layout analysis finds them."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from statistics import median

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from insta_voice.errors import InvalidInputError

# A thousand pages are three books; an article holds a million characters, which is four hundred pages.
MAX_PAGES = 1_000
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\u00a0": " "})
_NO_LETTER = re.compile(r"\(cid:\d+\)")  # how pdfminer writes a glyph whose font does not say what it means
_BOLD = re.compile(r"bold|black|heavy|semibold", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """`size` is its letters' size in points; `height` where it stands: 0 at the foot of the page, 1 at its head.

    `left` is its distance from the page's left edge in points, `box` numbers the group of lines that stand together.
    """

    text: str
    size: float
    bold: bool
    height: float
    left: float
    box: int


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one page."""

    lines: tuple[Line, ...]


def read_pages(data: bytes) -> list[Page]:
    """Every page. InvalidInputError when it is locked or has too many."""
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise InvalidInputError("The PDF is locked with a password: save it without one.") from error
    _check_pages(_claimed_pages(document))
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams())
    interpreter = PDFPageInterpreter(resources, device)
    found = list(islice(PDFPage.create_pages(document), MAX_PAGES + 1))
    _check_pages(len(found))
    pages = []
    for page in found:
        interpreter.process_page(page)
        pages.append(Page(tuple(_lines(device.get_result()))))
    return pages


def _claimed_pages(document: PDFDocument) -> int:
    """What its catalogue says, so that a huge one is refused before it is read; it may say anything."""
    tree = resolve1(document.catalog.get("Pages"))
    count = resolve1(tree.get("Count")) if isinstance(tree, dict) else 0
    return count if isinstance(count, int) else 0


def _check_pages(count: int) -> None:
    if count > MAX_PAGES:
        raise InvalidInputError(f"The PDF has more than {MAX_PAGES} pages: split it.")


def _lines(page: LTPage) -> Iterator[Line]:
    boxes = [element for element in page if isinstance(element, LTTextBox)]
    for number, box in enumerate(boxes):
        for line in box:
            text = " ".join(_NO_LETTER.sub("", line.get_text().translate(_LIGATURES)).split())
            letters = [letter for letter in line if isinstance(letter, LTChar)] if isinstance(line, LTTextLine) else []
            if text and letters:
                yield Line(
                    text=text,
                    size=round(median(letter.size for letter in letters), 1),
                    bold=sum(bool(_BOLD.search(letter.fontname)) for letter in letters) * 2 > len(letters),
                    height=(line.y0 - page.y0) / (page.height or 1),
                    left=line.x0 - page.x0,
                    box=number,
                )
