"""On which days an article is heard, in words. The database decides it (`insta.is_heard`), by the same two days."""

from datetime import UTC, date, datetime


def today() -> date:
    """The day in UTC, by which articles are heard."""
    return datetime.now(UTC).date()


def unheard_on(day: date, valid_from: date | None, valid_until: date | None) -> str:
    """Why an article of this first and last day is not heard on `day`: "expired 2026-11-01" names the last day,
    "from 2026-12-01" the first; "" when it is heard.
    """
    if valid_until is not None and valid_until < day:
        return f"expired {valid_until}"
    return f"from {valid_from}" if valid_from is not None and day < valid_from else ""
