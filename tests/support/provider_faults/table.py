"""The table as it is printed and kept, a line a row."""

import re
from collections.abc import Iterable
from typing import Final

from tests.support.provider_faults.judge import Verdict
from tests.support.provider_faults.rows import Row

HEAD: Final = (
    "| provider | fault | moment | heard first | after s | longest silence s | who answered | wrong |\n"
    "|---|---|---|---|---|---|---|---|"
)
_SHOWN: Final = 48  # characters of what was heard
_JOINT: Final = re.compile(r"(?<=[a-z.,!?])(?=[A-Z])|(?<=,)(?=[a-z])")  # nobody hears a space between two clauses


def line(row: Row, verdict: Verdict) -> str:
    """One row."""
    heard = _JOINT.sub(" ", verdict.first_heard)
    if not verdict.after_s:
        heard = f"(goes on) {heard}"
    shown = heard if len(heard) <= _SHOWN else f"{heard[:_SHOWN].rsplit(' ', 1)[0]} …"
    measured = f"{verdict.after_s:.1f} | {verdict.silence_s:.1f}"
    wrong = "; ".join(verdict.wrong)
    return f"| {row.provider} | {row.fault} | {row.moment} | {shown} | {measured} | {verdict.minds} | {wrong} |"


def table(lines: Iterable[str]) -> str:
    """All of it, in Markdown."""
    return "\n".join([HEAD, *lines])
