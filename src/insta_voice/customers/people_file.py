"""A company's customers as a spreadsheet saves them: CSV with a line of column names, in whatever encoding it has.

`email`, `name` and `plan` are themselves; every other column is a fact about the account, `last_invoice.number` one
inside another. An empty cell says nothing.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from insta_voice.customers.people import KnownPerson
from insta_voice.db.text import without_control_characters
from insta_voice.errors import InvalidInputError

_DELIMITERS: Final = (",", ";", "\t", "|")  # what spreadsheets write, by the country they are in
_EMAIL_NAMES: Final = frozenset({"email", "e_mail", "mail", "email_address", "e_mail_address"})
_ADDRESS: Final = re.compile(r"[^@\s,;<>\x00-\x1f\x7f]+@[^@\s,;<>\x00-\x1f\x7f]+\.[^@\s,;<>.\x00-\x1f\x7f]+")
_MAX_ADDRESS_CHARACTERS: Final = 320  # RFC 3696, erratum 1690
_WHOLE: Final = re.compile(r"-?(0|[1-9]\d{0,14})")  # 0049 and a card's digits are no numbers
_DECIMAL: Final = re.compile(r"-?(0|[1-9]\d{0,11})\.\d{1,6}")


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """What a file says. `has_facts` when it has columns beside email, name and plan; `encoding` as it was read."""

    people: tuple[KnownPerson, ...]
    has_facts: bool
    encoding: str


def read_people(path: Path) -> PeopleFile:
    """All of a CSV file's people, or an InvalidInputError that names the first line that cannot be taken."""
    text, encoding = _decoded(path)
    skipped = 0
    if text[:4].lower() == "sep=":  # a first line that Excel reads and writes
        text, skipped = text.partition("\n")[2], 1
    header, rows = _table(text, path, skipped)
    columns = _columns(header, path)
    people: list[KnownPerson] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        person = _person(columns, cells, line, path)
        key = person.email.lower()
        if key in seen:
            raise InvalidInputError(f"Line {line} of {path} has the address of line {seen[key]} again. Remove one.")
        seen[key] = line
        people.append(person)
    return PeopleFile(tuple(people), any(name not in ("email", "name", "plan") for name in columns), encoding)


def _decoded(path: Path) -> tuple[str, str]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read ({error.strerror}).") from error
    if raw.startswith(b"PK\x03\x04"):
        raise InvalidInputError(f"{path} is a workbook, not a CSV file. Save it as CSV (UTF-8) and give that file.")
    is_utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]:  # the last is Excel's, without saying so
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding.removesuffix("-sig")
    raise InvalidInputError(f"{path} is in an unknown encoding. Save it as CSV (UTF-8).")


def _table(text: str, path: Path, skipped: int) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The names of the columns, and each row with the line it begins on, by the delimiter that shows an e-mail one."""
    for delimiter in _DELIMITERS:
        rows = _rows(text, delimiter, path, skipped)
        _, header = next(rows, (1, []))
        if any(_name(cell) in _EMAIL_NAMES for cell in header):
            return header, rows
    raise InvalidInputError(
        f"{path} has no column named email. Its first line must name the columns, such as email,name,plan."
    )


def _rows(text: str, delimiter: str, path: Path, skipped: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InvalidInputError(f"Line {line} of {path} is no CSV: {error}.") from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _columns(header: Sequence[str], path: Path) -> list[str]:
    """The name of each column as facts are named; empty for a column without a name."""
    columns = ["email" if _name(cell) in _EMAIL_NAMES else _name(cell) for cell in header]
    named = [name for name in columns if name]
    for name in named:
        if named.count(name) > 1 or any(other.startswith(f"{name}.") for other in named):
            raise InvalidInputError(f"{path} has the column {name} twice. Rename or remove one.")
    return columns


def _person(columns: Sequence[str], cells: Sequence[str], line: int, path: Path) -> KnownPerson:
    values = [" ".join(without_control_characters(cell).split()) for cell in cells]
    if len(values) != len(columns):
        raise InvalidInputError(
            f"Line {line} of {path} has another number of columns than the first: {len(values)}, not {len(columns)}. "
            "Put a value that holds the separator between quotes."
        )
    said = {name: value for name, value in zip(columns, values, strict=True) if name and value}
    email = said.pop("email", "")
    if not _ADDRESS.fullmatch(email) or len(email) > _MAX_ADDRESS_CHARACTERS:
        raise InvalidInputError(f"Line {line} of {path} has no valid e-mail address. Correct it and import again.")
    name, plan = said.pop("name", None), said.pop("plan", None)
    facts: dict[str, Any] = {}
    for column, value in said.items():
        *outer, last = column.split(".")
        place = facts
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = _fact(value)
    return KnownPerson(email, name, plan, facts)


def _name(cell: str) -> str:
    """`Last invoice.Number` → `last_invoice.number`: names as the assistant's account facts have them."""
    words = (re.sub(r"[^\w]+", "_", part.strip().casefold()).strip("_") for part in cell.split("."))
    return ".".join(word for word in words if word)


def _fact(value: str) -> Any:
    """A number, true or false as such, so that the assistant can reckon with it; anything else as it is written."""
    if _WHOLE.fullmatch(value):
        return int(value)
    if _DECIMAL.fullmatch(value):
        return float(value)
    return {"true": True, "false": False}.get(value.lower(), value)
