"""What a page holds: its articles, in the one way every document is read, under the page's own address."""

from dataclasses import replace
from email.message import Message
from urllib.parse import unquote

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.formats import DocumentReader, Kind, Part, kind_of
from insta_voice.knowledge.web.addresses import path_of
from insta_voice.knowledge.web.visiting import Visit

_LISTS = (Kind.CSV, Kind.JSON_LINES)
_MARK = "\ufeff"
_UNICODE = ("utf-8", "utf8", "us-ascii")


def kind_of_page(visit: Visit, *, may_be_list: bool) -> Kind:
    """What was sent. InvalidInputError for what is not read; a list of many articles has to be named itself."""
    kind = kind_of(_path(visit), visit.content_type, visit.content)
    if kind in _LISTS and not may_be_list:
        raise InvalidInputError(f"It is a list ({kind}), which is read only when it is named itself.")
    return kind


async def read_articles(
    reader: DocumentReader, visit: Visit, kind: Kind, *, address: str, audience: tuple[str, ...]
) -> list[Part]:
    """The articles of a page, known by `address`, or in a list by their own ids. InvalidInputError without any.

    `audience` is the page's, and that of a list's articles which name none.
    """
    if kind in _LISTS:
        return await reader.parts(as_unicode(visit, kind), kind=kind, name=visit.url, audience=audience)
    parts = await reader.parts(as_unicode(visit, kind), kind=kind, name=_path(visit), url=address)
    return [replace(part, document=_known_by(part.document, address, audience)) for part in parts[:1]]


def _known_by(document: Document | None, address: str, audience: tuple[str, ...]) -> Document | None:
    """Whatever a page says of itself: it may neither take the place of another's article nor choose who hears it."""
    return document and replace(document, external_id=address, url=address, audience=audience)


def _path(visit: Visit) -> str:
    """What would be the name of a file: the last piece of the path."""
    return unquote(path_of(visit.url).partition("?")[0]).strip("/").rpartition("/")[2] or "index"


def as_unicode(visit: Visit, kind: Kind) -> bytes:
    """The content with a byte order mark where the server names another encoding: it may be named nowhere else."""
    header = Message()
    header["Content-Type"] = visit.content_type or ""
    charset = str(header.get_param("charset", "")).lower()
    if kind in (Kind.PDF, Kind.WORD) or not charset or charset in _UNICODE:
        return visit.content
    try:
        return (_MARK + visit.content.decode(charset, "replace").removeprefix(_MARK)).encode()
    except (LookupError, UnicodeError):
        return visit.content
