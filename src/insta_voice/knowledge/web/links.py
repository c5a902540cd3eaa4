"""Which addresses a page of HTML names: its links, and the one it calls its own.

Read by hand and in linear time: a crawler needs only the attributes of three tags, of pages that anybody may have
written. Places in comments and scripts are no links.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.web.addresses import page_address, path_of, place_of

MAX_LINKS: Final = 2000  # of one page; the contents of a large manual have some hundred

# No "<" inside a tag and no step back, so that however many tags or quotes begin and never end, no character is looked
# at more than a few times.
_TAG = re.compile(r"""<(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20})(?P<attributes>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+)>""")
# Characters, of one tag. Python reads no number of more than 4,300 digits, and unescape would try ("&#999…").
_LONGEST_ATTRIBUTES: Final = 4000
_ATTRIBUTE = re.compile(
    r"""(?:^|[\s"'/])(?P<name>href|rel)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""",
    re.IGNORECASE,
)
_NO_MARKUP_INSIDE = frozenset({"script", "style", "textarea", "title"})


@dataclass(frozen=True, slots=True)
class PageLinks:
    """`pages` of the same host, each once and in its one spelling; `canonical` where the page names it."""

    pages: tuple[str, ...] = ()
    canonical: str | None = None


def read_links(content: bytes, url: str) -> PageLinks:
    """The links of the page that was found at `url`."""
    base, named_base, canonical = url, None, None
    pages: dict[str, None] = {}
    for name, attributes in _tags(_decode(content)):
        if name not in ("a", "link", "base") or (link := attributes.get("href")) is None:
            continue
        if name == "link" and "canonical" not in attributes.get("rel", "").lower().split():
            continue
        try:
            address = page_address(link, base)
        except InvalidInputError:
            continue  # mailto:, javascript:, and what is no address at all
        if name == "base":
            base = named_base = named_base or address  # the first one counts
        elif name == "link":
            canonical = canonical or address
        elif place_of(address) == place_of(url) and len(pages) < MAX_LINKS:
            pages[address] = None
    return PageLinks(tuple(pages), canonical if canonical and _may_be_called(canonical, url) else None)


def _decode(content: bytes) -> str:
    """The text, for its links alone: whatever cannot be read of it is passed over."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf16 else "utf-8", "replace")


def _may_be_called(canonical: str, url: str) -> bool:
    """A page may speak for its own host; that it were the front page is a template's mistake, as a rule."""
    return place_of(canonical) == place_of(url) and (path_of(canonical) != "/" or path_of(url) == "/")


def _tags(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    folded = html.lower() if html.isascii() else _ascii_lower(html)
    position = 0
    while (start := html.find("<", position)) != -1:
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            if end == -1:
                return
            position = end + 3
            continue
        found = _TAG.match(html, start)
        position = found.end() if found else start + 1
        if not found or len(found["attributes"]) > _LONGEST_ATTRIBUTES:
            continue
        name = found["name"].lower()
        yield name, _attributes(found["attributes"])
        if name in _NO_MARKUP_INSIDE:
            position = folded.find(f"</{name}", position)
            if position == -1:
                return


def _ascii_lower(text: str) -> str:
    """Lower case without changing any position: some letters' lower case is longer than they are."""
    return text.translate(_LOWER)


_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(text):
        value = (
            one["double"] if one["double"] is not None else one["single"] if one["single"] is not None else one["bare"]
        )
        found.setdefault(one["name"].lower(), unescape(value))
    return found
