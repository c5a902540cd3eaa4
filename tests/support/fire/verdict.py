"""Whether a row holds: nobody is left without a word, every ending has its reason, and the next call is answered."""

from typing import Final

from tests.support.fire.rows import Row

# Promise 12 names it: within it the caller hears or sees what is going on.
PROMISED_S: Final = 10.0


def shortcomings(row: Row, *, times: float = 1.0) -> list[str]:
    """What does not hold; `times` is by how much the promised seconds may be exceeded on a clock that others share."""
    within_s = PROMISED_S * times
    wrong = list(row.wrong)
    if row.unexplained_s > within_s:
        wrong.append(f"{row.unexplained_s:.1f} s without a word")
    if (first_s := _first_s(row)) is None or first_s > within_s:
        wrong.append("nothing was heard or seen" + ("" if first_s is None else f" for {first_s:.1f} s"))
    if row.outcome.startswith("ended") and not row.seen:
        wrong.append("the call ended without a reason")
    if row.next_call_s is None:
        wrong.append("the next call was not answered")
    return wrong


def _first_s(row: Row) -> float | None:
    return min((at_s for at_s in (row.heard_s, row.seen_s) if at_s is not None), default=None)
