"""The matrix as a table, a line a row, as it is printed and kept in the documents."""

from collections.abc import Iterable
from typing import Final

from tests.support.fire.rows import Row

HEAD: Final = (
    "| part | fault | moment | heard after | seen | unexplained silence | the call | answered after "
    "| whole again after | next call heard after | wrong |\n|---|---|---|---|---|---|---|---|---|---|---|"
)


def line(row: Row) -> str:
    """One row; times in seconds."""
    cell = row.cell
    shown = f"{_s(row.seen_s)} {row.seen}".strip() if row.seen else ""
    fields = (
        cell.part,
        cell.fault,
        cell.moment,
        _s(row.heard_s),
        shown,
        _s(row.unexplained_s),
        row.outcome,
        _s(row.answered_s),
        _s(row.recovered_s),
        _s(row.next_call_s),
        "; ".join(row.wrong),
    )
    return f"| {' | '.join(fields)} |"


def table(rows: Iterable[Row]) -> str:
    """All of it, in Markdown."""
    return "\n".join([HEAD, *(line(row) for row in rows)])


def _s(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"
