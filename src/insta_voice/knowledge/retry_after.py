"""How long a server that has had enough asks us to wait."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_S = 3600.0  # a server whose clock is wrong must not stop us for days


def seconds_to_wait(retry_after: str | None, *, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header names, as a number or as a date; None without one that can be read."""
    if retry_after is None:
        return None
    try:
        wait_s = float(retry_after)
    except ValueError:
        try:
            wait_s = (parsedate_to_datetime(retry_after) - (now or datetime.now(UTC))).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(wait_s, 0.0), _LONGEST_S) if wait_s == wait_s else None  # not a number is not a time
