"""Files into documents: Markdown with front matter, and JSONL. What comes from a file is checked before it is
believed; a document that is refused says why in a sentence."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import yaml

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.chunks import CHUNKER_VERSION

# An article of a million characters is a book: nobody is helped by hearing from it, and it costs 5 min to embed.
MAX_CHARACTERS = 1_000_000
_MAX_FRONT_MATTER = 16_000
_MAX_TITLE, _MAX_ID, _MAX_LABELS = 300, 200, 50
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?P<yaml>.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIRST_HEADING = re.compile(r"^# +(?P<title>.+?)\s*#*$", re.MULTILINE)
_AUDIENCE = re.compile(r"everyone|staff|plan:[a-z0-9][a-z0-9_-]{0,62}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Document:
    """An article as it was written. `audience`: "everyone", "plan:<name>", "staff"."""

    title: str
    content: str  # Markdown
    external_id: str | None = None
    url: str | None = None
    audience: tuple[str, ...] = ("everyone",)
    labels: tuple[str, ...] = ()
    language: str = "en"
    updated_at: datetime | None = None

    def fingerprint(self) -> str:
        """Equal for equal articles: what is stored under it needs no work."""
        told = json.dumps([CHUNKER_VERSION, asdict(self)], sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()


def parse_markdown(text: str, *, name: str) -> Document:
    """A Markdown file; `name` (its path without the suffix) is the id when the front matter has none."""
    text = text.removeprefix("\ufeff")
    front = _FRONT_MATTER.match(text)
    fields = _front_matter(front["yaml"]) if front else {}
    content = text[front.end() :] if front else text
    heading = _FIRST_HEADING.search(content)
    fields.setdefault("title", heading["title"] if heading else name.rsplit("/", 1)[-1])
    return checked_document({"id": name, **fields, "text": content.strip()})


def parse_json_line(line: str) -> Document:
    """One line of JSONL: {"id","title","text","url"?,"audience"?,"labels"?,"updated"?}.

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
    return checked_document(fields)


def checked_document(fields: Mapping[str, Any]) -> Document:
    """Fields of any origin as a document, or an InvalidInputError that names the field."""
    content = _text(fields, "text", MAX_CHARACTERS)
    title = " ".join(_text(fields, "title", _MAX_TITLE).split())
    if not title or not content.strip():
        raise InvalidInputError("The article has no title." if not title else "The article has no text.")
    return Document(
        title=title,
        content=content,
        external_id=_identifier(fields.get("id")),
        url=_url(fields.get("url")),
        audience=_audience(fields.get("audience", "everyone")),
        labels=_names(fields.get("labels", ()), "labels"),
        language=_text({"language": "en", **fields}, "language", 35),
        updated_at=_moment(fields.get("updated")),
    )


class _Loader(yaml.SafeLoader):
    """Plain data without aliases: a few hundred bytes of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)


def _front_matter(text: str) -> dict[str, Any]:
    if len(text) > _MAX_FRONT_MATTER:
        raise InvalidInputError(f"The front matter is longer than {_MAX_FRONT_MATTER} characters.")
    try:
        fields = yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidInputError("The front matter is not plain YAML.") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise InvalidInputError("The front matter is not a list of fields.")
    fields.pop("text", None)
    return {key: value for key, value in fields.items() if isinstance(key, str) and value is not None}


def _text(fields: Mapping[str, Any], name: str, longest: int) -> str:
    value = fields.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)  # `title: 2024` is a number to YAML and a title to its writer
    if not isinstance(value, str):
        raise InvalidInputError(f"The field {name} is missing or not a text.")
    if len(value) > longest:
        raise InvalidInputError(f"The field {name} is longer than {longest} characters.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(f"The field {name} is not valid Unicode.") from error
    return _UNPRINTABLE.sub(" ", value)


def _identifier(value: object) -> str | None:
    if value is None:
        return None
    identifier = _text({"id": value}, "id", _MAX_ID).strip()
    if not identifier:
        raise InvalidInputError("The field id is empty.")
    return identifier


def _url(value: object) -> str | None:
    if value is None or value == "":
        return None
    url = _text({"url": value}, "url", 2000).strip()
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidInputError("The field url is not an address.") from error
    on_this_site = url.startswith("/") and not url.startswith(("//", "/\\"))
    if not on_this_site and not (parts.scheme in ("http", "https") and parts.netloc):
        raise InvalidInputError("The field url is not a web address (http or https).")
    return url


def _audience(value: object) -> tuple[str, ...]:
    names = _names(value, "audience")
    wrong = [name for name in names if not _AUDIENCE.fullmatch(name)]
    if wrong or not names:
        raise InvalidInputError('The field audience knows "everyone", "staff" and "plan:<name>".')
    return names


def _names(value: object, field: str) -> tuple[str, ...]:
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or len(values) > _MAX_LABELS:
        raise InvalidInputError(f"The field {field} is not a list of at most {_MAX_LABELS} names.")
    return tuple(dict.fromkeys(_text({field: v}, field, 100).strip() for v in values))


def _moment(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidInputError("The field updated is not a date.") from error
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise InvalidInputError("The field updated is not a date.")
