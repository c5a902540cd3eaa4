"""What a document is, by its content and its name together."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from insta_voice.errors import InvalidInputError

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The start of a file where a PDF's header may stand, and where an HTML page says that it is one.
_HEAD_BYTES = 1024
# Whole tags: a text may well begin with <header>, or with any other piece of a page.
_HTML_START = re.compile(rb"<!doctype\s*html\b|<(?:html|head|body)[\s>]", re.IGNORECASE)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Refused by their first bytes: what the name says of them is wrong, and what they are is not read.
_NOT_READ: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xd0\xcf\x11\xe0", "It is an old or encrypted Office file: save it as .docx without a password."),
    (b"{\\rtf", "It is rich text (RTF): save it as .docx."),
    (
        b"PK\x03\x04",
        "It is a ZIP archive and no Word document: unpack it, or save what is in it as .docx, .pdf or .csv.",
    ),
)


class Kind(StrEnum):
    """What is read."""

    MARKDOWN = "Markdown"
    JSON_LINES = "JSON lines"
    HTML = "HTML"
    PDF = "PDF"
    WORD = "Word"
    TEXT = "plain text"
    CSV = "CSV"


SUFFIXES: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        ".md": Kind.MARKDOWN,
        ".markdown": Kind.MARKDOWN,
        ".jsonl": Kind.JSON_LINES,
        ".ndjson": Kind.JSON_LINES,
        ".html": Kind.HTML,
        ".htm": Kind.HTML,
        ".xhtml": Kind.HTML,
        ".pdf": Kind.PDF,
        ".docx": Kind.WORD,
        ".txt": Kind.TEXT,
        ".csv": Kind.CSV,
    }
)
_CONTENT_TYPES: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "text/markdown": Kind.MARKDOWN,
        "application/jsonl": Kind.JSON_LINES,
        "application/x-ndjson": Kind.JSON_LINES,
        "text/html": Kind.HTML,
        "application/xhtml+xml": Kind.HTML,
        "application/pdf": Kind.PDF,
        _WORD_TYPE: Kind.WORD,
        "text/plain": Kind.TEXT,
        "text/csv": Kind.CSV,
    }
)
# What a file of each kind may weigh, in bytes: it is read whole. A text beyond 4 MB is no article (documents.py), a
# page or a document carries pictures and styles beside its text, and a list holds many articles.
MAX_BYTES: Final[Mapping[Kind, int]] = MappingProxyType(
    {
        Kind.MARKDOWN: 4_000_000,
        Kind.TEXT: 4_000_000,
        Kind.HTML: 10_000_000,
        Kind.PDF: 50_000_000,
        Kind.WORD: 50_000_000,
        Kind.CSV: 50_000_000,
        Kind.JSON_LINES: 500_000_000,
    }
)


def kind_of(name: str, content_type: str | None, data: bytes) -> Kind:
    """The kind of `data`: what its first bytes say (PDF, Word, HTML), else its name or the web's content type.

    `name` is a path or the path of an address. InvalidInputError says what it is instead, and what to do.
    """
    if not data or data.isspace():
        raise InvalidInputError("The file is empty.")
    suffix = PurePosixPath(name).suffix.lower()
    claimed = _claimed(suffix, content_type)
    if (told := _told(data, claimed)) is not None:
        return told
    for start, sentence in _NOT_READ:
        if data.startswith(start):
            raise InvalidInputError(sentence)
    if claimed is None:
        raise InvalidInputError(f"It is none of what is read: {', '.join(sorted(SUFFIXES))}.")
    if claimed in (Kind.PDF, Kind.WORD):
        raise InvalidInputError(f"It is named {suffix or claimed} and is not {claimed}: give the file its right name.")
    return claimed


def check_size(size_bytes: int, kind: Kind) -> None:
    """InvalidInputError for more than MAX_BYTES."""
    if size_bytes > MAX_BYTES[kind]:
        raise InvalidInputError(f"It is larger than {MAX_BYTES[kind] // 1_000_000} MB ({kind}): split it.")


def _claimed(suffix: str, content_type: str | None) -> Kind | None:
    """A server that calls a file plain text often only does not know its suffix; anything else it knows better."""
    by_suffix = SUFFIXES.get(suffix)
    by_type = _CONTENT_TYPES.get((content_type or "").partition(";")[0].strip().lower())
    if by_type is None or (by_type is Kind.TEXT and by_suffix is not None):
        return by_suffix
    return by_type


def _told(data: bytes, claimed: Kind | None) -> Kind | None:
    head = data[:_HEAD_BYTES]
    for mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    # Mail gateways put lines before a PDF's header; elsewhere such a header is an article about PDFs.
    if head.lstrip().startswith(b"%PDF-") or (claimed is Kind.PDF and b"%PDF-" in head):
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return Kind.WORD if b"word/document.xml" in data else None
    return Kind.HTML if _HTML_START.match(head.replace(b"\x00", b"").lstrip()) else None
