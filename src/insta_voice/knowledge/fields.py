"""An article's fields as somebody gave them: each is taken, or refused with a sentence that names it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from insta_voice.errors import InvalidInputError

_MAX_ID, _MAX_URL, _MAX_NAMES, _MAX_NAME = 200, 2000, 50, 100
AUDIENCE = re.compile(r"everyone|staff|plan:[a-z0-9][a-z0-9_-]{0,62}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text(fields: Mapping[str, Any], name: str, longest: int) -> str:
    """A text of at most `longest` characters, without those that no text may hold."""
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


def name_or_none(fields: Mapping[str, Any], name: str) -> str | None:
    """A short text on one line; None where it is not given or empty."""
    if fields.get(name) is None:
        return None
    return " ".join(text(fields, name, _MAX_NAME).split()) or None


def identifier(value: object) -> str | None:
    """What an article is known by outside; None where it is not given. That of a page is its address."""
    if value is None:
        return None
    is_address = isinstance(value, str) and value.startswith(("https://", "http://"))
    found = text({"id": value}, "id", _MAX_URL if is_address else _MAX_ID).strip()
    if not found:
        raise InvalidInputError("The field id is empty.")
    return found


def address(value: object) -> str | None:
    """A web address, or a path of this site."""
    if value is None or value == "":
        return None
    url = text({"url": value}, "url", _MAX_URL).strip()
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidInputError("The field url is not an address.") from error
    on_this_site = url.startswith("/") and not url.startswith(("//", "/\\"))
    if not on_this_site and not (parts.scheme in ("http", "https") and parts.netloc):
        raise InvalidInputError("The field url is not a web address (http or https).")
    return url


def audiences(value: object) -> tuple[str, ...]:
    """Who may hear it: at least one audience."""
    found = () if value is None else names(value, "audience")
    wrong = [name for name in found if not AUDIENCE.fullmatch(name)]
    if wrong or not found:
        raise InvalidInputError('The field audience knows "everyone", "staff" and "plan:<name>".')
    return found


def names(value: object, field: str) -> tuple[str, ...]:
    """A list of names, or names with commas between them; each once."""
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or len(values) > _MAX_NAMES:
        raise InvalidInputError(f"The field {field} is not a list of at most {_MAX_NAMES} names.")
    return tuple(dict.fromkeys(text({field: v}, field, _MAX_NAME).strip() for v in values))


def moment(fields: Mapping[str, Any], name: str) -> datetime | None:
    """A date or a time in ISO 8601, in UTC where it says nothing else."""
    value = fields.get(name)
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidInputError(f"The field {name} is not a date.") from error
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise InvalidInputError(f"The field {name} is not a date.")


def days(fields: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """The first and the last day on which it is heard."""
    first, last = _day(fields, "valid_from"), _day(fields, "valid_until")
    if first and last and last < first:
        raise InvalidInputError("The field valid_until is a day before valid_from.")
    return first, last


def _day(fields: Mapping[str, Any], name: str) -> date | None:
    value = fields.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise InvalidInputError(f"The field {name} is not a day like 2026-12-31.") from error
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise InvalidInputError(f"The field {name} is not a day like 2026-12-31.")
