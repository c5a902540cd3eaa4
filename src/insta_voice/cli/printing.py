"""How commands print what callers and authors wrote: as text, never as commands to the terminal."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from insta_voice.db.text import without_control_characters

_PADDING_CELLS = 2  # what a table without lines has between two columns
_NARROW_CELLS = 10  # a date; a narrower column of words is a letter a line


def printable(text: str, *, indent: str = "") -> str:
    """`text` without control characters; its further lines begin with `indent`, so that they start no line of ours."""
    return without_control_characters(text).replace("\n", f"\n{indent}")


def on_one_line(text: str) -> str:
    """`text` without control characters, every run of white space one space."""
    return " ".join(without_control_characters(text).split())


def to_json(value: list[dict[str, Any]] | Mapping[str, Any], *, indent: int | None = 2) -> str:
    """JSON as commands print it: ids as text, times in ISO 8601, every control character escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    return re.sub("[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", text)  # json leaves DEL and C1 as they are


def print_rows(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, whole: Collection[str], for_people: Collection[str] = ()
) -> None:
    """A table on a terminal, lines with tabs for a program, which get no columns `for_people`. A row may end before its
    last columns.

    Cells of the columns `whole`, which somebody copies, stand on one line of the table, however narrow the terminal is;
    the others are wrapped. Nothing is cut.
    """
    lines = [[on_one_line(cell) for cell in row] for row in rows]
    terminal = Console()
    if not terminal.is_terminal:
        for line in lines:
            print(*(cell for name, cell in zip(columns, line, strict=False) if name not in for_people), sep="\t")
        return
    table = Table(box=None, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in whole)
    for line in lines:
        table.add_row(*map(escape, line))
    width = max(terminal.width, _narrowest(columns, lines, whole))
    Console(width=width, height=terminal.height).print(table)  # a dumb terminal's width counts with its height alone


def _narrowest(columns: Sequence[str], lines: Sequence[Sequence[str]], whole: Collection[str]) -> int:
    """The least width of a table whose columns `whole` are not cut, in cells of the terminal."""
    widest = [max(map(cell_len, cells)) for cells in zip_longest(columns, *lines, fillvalue="")]
    return sum(
        width + _PADDING_CELLS if column in whole else min(width, _NARROW_CELLS) + _PADDING_CELLS
        for column, width in zip(columns, widest, strict=True)
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
