"""A PDF into Markdown. A PDF says where letters stand and no more: lines, order, headings and paragraphs are inferred.

`lines` reads the pages, `marks` gives items theirs, which would be page numbers otherwise, `running` takes away what
repeats on the pages, `headings` knows titles by their letters, `paragraphs` joins lines. Tables come as their lines;
pictures of text are not read.
"""

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.found import Found
from insta_voice.extraction.readers.pdf.headings import Headings
from insta_voice.extraction.readers.pdf.lines import read_pages
from insta_voice.extraction.readers.pdf.marks import with_marks
from insta_voice.extraction.readers.pdf.paragraphs import Paragraph, paragraphs_of
from insta_voice.extraction.readers.pdf.running import without_running_lines

_NO_TEXT = "The PDF has no text that can be read, perhaps only pictures of it: run text recognition (OCR) on it first."


def read_pdf(data: bytes) -> list[Found]:
    """The document as one article; its title is its first page's largest heading."""
    pages = without_running_lines([with_marks(page) for page in read_pages(data)])
    headings = Headings.of([line for page in pages for line in page.lines])
    paragraphs = list(paragraphs_of(pages, headings))
    if not paragraphs:
        raise InvalidInputError(_NO_TEXT)
    text = "\n\n".join(f"{'#' * one.level} {one.text}".lstrip() for one in paragraphs)
    return [Found({"text": text, **_title(paragraphs)})]


def _title(paragraphs: list[Paragraph]) -> dict[str, str]:
    """The first page's largest heading, or the first one."""
    titles = sorted((one for one in paragraphs if one.level), key=lambda one: (one.box[0] > 0, one.level))
    return {"title": titles[0].text} if titles else {}
