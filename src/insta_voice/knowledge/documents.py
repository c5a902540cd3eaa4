"""Files into documents: Markdown with front matter, and JSONL. What comes from a file is checked before it is
believed; a document that is refused says why in a sentence."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.misspelt import check_names, without_audience
from insta_voice.knowledge import fields as given
from insta_voice.knowledge.chunks import CHUNKER_VERSION
from insta_voice.knowledge.front_matter import split_front_matter

# An article of a million characters is a book: nobody is helped by hearing from it, and it costs 5 min to embed.
MAX_CHARACTERS = 1_000_000
MAX_TITLE = 300
EVERYONE = ("everyone",)
_MAX_LANGUAGE = 35
_FIRST_HEADING = re.compile(r"^# [^\S\n]*+(?P<title>\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """An article as it was written. `audience`: "everyone", "plan:<name>", "staff". `valid_from` and `valid_until`: the
    first and the last day on which it is heard."""

    title: str
    content: str  # Markdown
    external_id: str | None = None
    url: str | None = None
    audience: tuple[str, ...] = EVERYONE
    labels: tuple[str, ...] = ()
    language: str = "en"
    updated_at: datetime | None = None
    product: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def fields(self) -> dict[str, Any]:
        """As a line of JSONL has them, without those that are not given: checked_document reads them again."""
        told = {
            "id": self.external_id,
            "title": self.title,
            "text": self.content,
            "url": self.url,
            "audience": list(self.audience),
            "labels": list(self.labels),
            "language": self.language,
            "updated": self.updated_at,
            "product": self.product,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        }
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in told.items()
            if value is not None
        }

    def digest(self) -> str:
        """Equal for equal articles."""
        return _sha256(self.fields())

    def fingerprint(self) -> str:
        """Equal for equal articles that are cut alike: what is stored under it needs no work."""
        return _sha256([CHUNKER_VERSION, self.fields()])


def parse_markdown(
    text: str, *, name: str, audience: Sequence[str] = EVERYONE, names_audience: bool = True
) -> Document:
    """A Markdown file; `name` (its path without the suffix) is the id when the front matter has none, `audience` who
    may hear it when that names nobody, or when it is not for the file to say."""
    fields, content = split_front_matter(text)
    if not names_audience:
        fields = without_audience(fields)
    fields.setdefault("title", _first_heading(content) or name.rsplit("/", 1)[-1])
    return checked_document({"id": name, **fields, "text": content.strip()}, audience=audience)


def parse_json_line(line: str, *, audience: Sequence[str] = EVERYONE) -> Document:
    """One line of JSONL: {"id","title","text"} and any field of the front matter. `audience` is that of a line that
    names none.

    A line has no path to be known by: without an id, reading it again would add a second article.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("The line is not JSON.") from error
    if not isinstance(fields, dict):
        raise InvalidInputError("The line is not a JSON object.")
    if fields.get("id") is None:
        raise InvalidInputError("The line has no id: give each article an id that stays when its text changes.")
    return checked_document(fields, audience=audience)


def checked_document(fields: Mapping[str, Any], *, audience: Sequence[str] = EVERYONE) -> Document:
    """Fields of any origin as a document, or an InvalidInputError that names the field. `audience` is that of fields
    that name none."""
    check_names(fields)
    content = given.text(fields, "text", MAX_CHARACTERS)
    title = " ".join(given.text(fields, "title", MAX_TITLE).split())
    if not title or not content.strip():
        raise InvalidInputError("The article has no title." if not title else "The article has no text.")
    valid_from, valid_until = given.days(fields)
    return Document(
        title=title,
        content=content,
        external_id=given.identifier(fields.get("id")),
        url=given.address(fields.get("url")),
        audience=given.audiences(fields.get("audience", tuple(audience))),
        labels=given.names(fields.get("labels", ()), "labels"),
        language=given.text({"language": "en", **fields}, "language", _MAX_LANGUAGE),
        updated_at=given.moment(fields, "updated"),
        product=given.name_or_none(fields, "product"),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _first_heading(content: str) -> str:
    """The title that a text begins with, without the signs that may close it ("# Sharing files #"); "" without one."""
    found = _FIRST_HEADING.search(content)
    return (found["title"].rstrip("#").rstrip() or "#") if found else ""


def _sha256(told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
