"""A reader for each kind that needs a parser: bytes in, the fields of articles out. They run in the child alone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from insta_voice.extraction.child import Reader
from insta_voice.extraction.kinds import Kind
from insta_voice.extraction.readers.faq import read_csv
from insta_voice.extraction.readers.html import read_html
from insta_voice.extraction.readers.pdf import read_pdf
from insta_voice.extraction.readers.word import read_word

READERS: Final[Mapping[Kind, Reader]] = MappingProxyType(
    {Kind.HTML: read_html, Kind.PDF: read_pdf, Kind.WORD: read_word, Kind.CSV: read_csv}
)
