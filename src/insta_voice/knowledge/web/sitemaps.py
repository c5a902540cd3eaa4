"""Sitemaps (sitemaps.org): the pages they list, and the sitemaps that an index lists."""

from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.web.addresses import MAX_CHARACTERS
from insta_voice.knowledge.web.unpacking import unpack_whole

MAX_BYTES: Final = 50 * 1024 * 1024  # the protocol's own bounds of one file
MAX_ENTRIES: Final = 50_000
_ROOTS: Final = {"urlset": "url", "sitemapindex": "sitemap"}


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one file lists, as it is written there."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def parse_sitemap(content: bytes) -> Sitemap:
    """A sitemap or an index of sitemaps, also gzipped. InvalidInputError when it is neither."""
    if content.startswith(b"\x1f\x8b"):
        content = unpack_whole(content, MAX_BYTES)
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise InvalidInputError(f"It is not a sitemap: the XML is broken in line {error.lineno}.") from None
    found = tuple(reader.found)
    return Sitemap(pages=found) if reader.root == "urlset" else Sitemap(sitemaps=found)


class _Reader:
    """Keeps the text of each <loc> that stands in an entry, and nothing else of the file."""

    def __init__(self) -> None:
        self.root = ""
        self.found: list[str] = []
        self._path: list[str] = []
        self._location = ""

    def doctype(self, *_: object) -> None:
        """Entities are declared there, to fetch files or to grow without end; no sitemap has any."""
        raise InvalidInputError("It is not a sitemap: it declares a document type.")

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self._path:
            if name not in _ROOTS:
                raise InvalidInputError("It is not a sitemap: it begins with neither urlset nor sitemapindex.")
            self.root = name
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise InvalidInputError("It is not a sitemap: its elements are nested too deeply.")
        self._location = ""

    def text(self, text: str) -> None:
        if self._in_location() and len(self._location) <= MAX_CHARACTERS:
            self._location += text

    def end(self, _: str) -> None:
        if self._in_location() and self._location.strip():
            if len(self.found) == MAX_ENTRIES:
                raise InvalidInputError(f"It lists more than {MAX_ENTRIES} addresses.")
            self.found.append(self._location.strip())
        self._path.pop()

    def _in_location(self) -> bool:
        return self._path == [self.root, _ROOTS[self.root], "loc"]


_DEEPEST: Final = 20  # extensions for images and news nest four deep
