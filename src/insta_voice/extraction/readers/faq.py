"""CSV with a header: questions and answers, or articles with their fields."""

import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.decoding import decode
from insta_voice.extraction.found import Found
from insta_voice.extraction.misspelt import check_names

# How the field is called in an article, and how people call its column.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "question"),
    "text": ("text", "answer"),
    "id": ("id",),
    "url": ("url",),
    "audience": ("audience",),
    "labels": ("labels",),
    "language": ("language",),
    "updated": ("updated",),
    "product": ("product",),
    "valid_from": ("valid_from",),
    "valid_until": ("valid_until",),
}
_DELIMITERS = (",", ";", "\t")  # Excel writes semicolons where the comma stands in numbers
_LONGEST_ID = 100
_NOT_UNDERSTOOD = (
    "The first line does not name the columns question and answer, or id, title and text"
    " (url, audience and labels may follow): add such a header."
)
_QUOTES = "The quotes of this row do not match: a quote within a quoted field is written twice."
_NO_AUDIENCE = 'The row has no audience, which the others have: write "everyone" where everyone may hear it.'
_TOO_MANY_FIELDS = "The row has more fields than the header: put a field that holds the separator in quotes."


def read_csv(data: bytes) -> list[Found]:
    """An article a row. A row that is none says why; the others are taken."""
    text = decode(data)
    csv.field_size_limit(sys.maxsize)  # a field is as large as the file at most; one too long is refused by name
    for delimiter in _DELIMITERS:
        header = _header(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        columns = _columns(header)
        if columns.keys() >= {"title", "text"}:
            check_names([name.strip().casefold() for name in header])
            return _checked(list(_rows(text, delimiter, columns)))
    raise InvalidInputError(_NOT_UNDERSTOOD)


def _checked(rows: list[Found]) -> list[Found]:
    """A list that says nothing more is a mistake far more often than a wish to forget it all."""
    if not rows:
        raise InvalidInputError("There is no row below the header.")
    return rows


def _header(rows: Iterator[list[str]]) -> list[str]:
    """The first row with anything in it; spreadsheets write empty ones. Empty where the separator is another."""
    try:
        return next((row for row in rows if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return []


def _columns(header: list[str]) -> dict[str, int]:
    """Which column holds which field."""
    names = [name.strip().casefold() for name in header]
    return {
        field: names.index(name)
        for field, known in _COLUMNS.items()
        if (name := next((name for name in known if name in names), None)) is not None
    }


def _rows(text: str, delimiter: str, columns: Mapping[str, int]) -> Iterator[Found]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = _header(reader)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Found(reason=_QUOTES, line=line)
            continue
        if any(cell.strip() for cell in row):
            yield _row(row, header, columns, line)


def _row(row: list[str], header: list[str], columns: Mapping[str, int], line: int) -> Found:
    if len(row) > len(header):
        return Found(reason=_TOO_MANY_FIELDS, line=line)
    cells = {field: row[column].strip() for field, column in columns.items() if column < len(row)}
    fields = {field: cell for field, cell in cells.items() if cell}
    if lacking := [header[columns[field]] for field in ("title", "text") if field not in fields]:
        return Found(reason=f"The row has no {lacking[0].strip()}.", line=line)
    if "audience" in columns and "audience" not in fields:
        return Found(reason=_NO_AUDIENCE, line=line)
    return Found(fields, line=line, anchor=_slug(fields["title"]))


def _slug(title: str) -> str:
    """What a row without an id is known by: its question, which is what stays when the answer changes."""
    return re.sub(r"\W+", "-", title.casefold()).strip("-")[:_LONGEST_ID]
