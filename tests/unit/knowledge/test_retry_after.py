"""What a server's Retry-After means in seconds."""

from datetime import UTC, datetime

import pytest

from insta_voice.knowledge.retry_after import seconds_to_wait

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        (None, None),
        ("20", 20),
        ("0.5", 0.5),
        ("-3", 0),
        ("Thu, 26 Nov 2026 12:00:30 GMT", 30),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0),
        ("Thu, 26 Nov 2029 12:00:00 GMT", 3600),
        ("1e12", 3600),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_number_a_date_or_nothing(header: str | None, wait_s: float | None) -> None:
    assert seconds_to_wait(header, now=NOW) == wait_s
