"""One document of any kind into articles, or the sentence that says why not."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, Self

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.decoding import decode, decode_lines
from insta_voice.extraction.extractor import Extractor
from insta_voice.extraction.found import Found
from insta_voice.extraction.kinds import Kind, check_size, kind_of
from insta_voice.extraction.misspelt import without_audience
from insta_voice.knowledge.documents import (
    EVERYONE,
    MAX_TITLE,
    Document,
    checked_document,
    parse_json_line,
    parse_markdown,
)
from insta_voice.knowledge.formats.plain_text import plain_text_fields

# A parser that was taken over by a page chooses neither whose place it takes nor who may hear it.
_SAID_BY_ITSELF = frozenset({"title", "text", "url", "language"})
_DECODED_HERE = frozenset({Kind.MARKDOWN, Kind.TEXT, Kind.JSON_LINES})
# Characters: the longest text (MAX_CHARACTERS), each of its own written as an escape of twelve, and the other fields. A
# list may be large; none of its lines takes more memory than that.
_LONGEST_LINE = 16_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A document, or why there is none. `line` is where it begins in a list (CSV, JSON lines)."""

    document: Document | None = None
    reason: str = ""
    line: int | None = None


class DocumentReader:
    """Reads documents for as long as it is open. The process that parses is started by the first that needs it."""

    def __init__(self) -> None:
        self._extractor = Extractor()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._extractor.aclose()

    async def parts(
        self, data: bytes, *, kind: Kind, name: str, url: str | None = None, audience: Sequence[str] = EVERYONE
    ) -> list[Part]:
        """Everything in a document. InvalidInputError when it cannot be read at all.

        `name` is its path, and what an article without an id of its own is known by; a Markdown file's without its
        suffix. `url` is where it was found, which goes before an address that it claims for itself. `audience` is that
        of an article that names none, and of a page with a `url`, whatever it names.
        """
        check_size(len(data), kind)
        # In a thread: a list takes seconds, and the heartbeat of the job that reads it does not wait for them.
        if kind in _DECODED_HERE:
            return await asyncio.to_thread(_decoded, data, kind, name, url, audience)
        found = await self._extractor.extract(data, kind)
        return await asyncio.to_thread(_extracted, found, kind, name, url, audience)


def markdown_of(data: bytes, *, name: str) -> str:
    """The text of a file that is meant as Markdown, whatever its suffix. InvalidInputError when it is none."""
    kind = kind_of(name, "text/markdown", data)
    if kind is not Kind.MARKDOWN:
        raise InvalidInputError(f"It is {kind} and not Markdown.")
    check_size(len(data), kind)
    return decode(data)


def _decoded(data: bytes, kind: Kind, name: str, url: str | None, audience: Sequence[str]) -> list[Part]:
    if kind is Kind.JSON_LINES:
        return _lines(data, audience)
    if kind is Kind.MARKDOWN:
        known_by = name.removesuffix(PurePosixPath(name).suffix)
        document = parse_markdown(decode(data), name=known_by, audience=audience, names_audience=url is None)
        return [Part(document if url is None else replace(document, url=url))]
    fields = plain_text_fields(decode(data))
    said = fields if url is None else {**without_audience(fields), "url": url}
    return [_checked(said, audience, name=name)]


def _extracted(found: Sequence[Found], kind: Kind, name: str, url: str | None, audience: Sequence[str]) -> list[Part]:
    found_at = {} if url is None else {"url": url}
    if kind is Kind.CSV:
        return [_row(one, name, audience, found_at) for one in found]
    return [_part(one, name, audience, found_at) for one in found]


def _row(found: Found, name: str, audience: Sequence[str], found_at: Mapping[str, str]) -> Part:
    if found.reason:
        return Part(reason=found.reason, line=found.line)
    known_by = f"{name}#{found.anchor}" if found.anchor else name
    return _checked({**found.fields, **found_at}, audience, name=known_by, line=found.line)


def _part(found: Found, name: str, audience: Sequence[str], found_at: Mapping[str, str]) -> Part:
    if found.reason:
        return Part(reason=found.reason, line=found.line)
    fields = {field: value for field, value in found.fields.items() if field in _SAID_BY_ITSELF}
    if title := fields.get("title"):
        fields["title"] = title[:MAX_TITLE]  # a headline is not written for us
    return _checked({**fields, **found_at}, audience, name=name)


def _lines(data: bytes, audience: Sequence[str]) -> list[Part]:
    parts = []
    for number, line in enumerate(decode_lines(data, longest=_LONGEST_LINE), 1):
        if line is None:
            parts.append(Part(reason=f"The line is longer than {_LONGEST_LINE} characters.", line=number))
            continue
        if not line.strip():
            continue
        try:
            parts.append(Part(parse_json_line(line, audience=audience), line=number))
        except InvalidInputError as error:
            parts.append(Part(reason=error.message, line=number))
    return parts


def _checked(fields: dict[str, Any], audience: Sequence[str], *, name: str, line: int | None = None) -> Part:
    stem = PurePosixPath(name).stem
    try:
        return Part(checked_document({"id": name, "title": stem, **fields}, audience=audience), line=line)
    except InvalidInputError as error:
        return Part(reason=error.message, line=line)
