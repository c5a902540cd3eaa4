"""The first and the last day on which an article is heard, both with it."""

from datetime import date

import pytest

from insta_voice.knowledge.validity import unheard_on

DAY = date(2026, 11, 27)
BEFORE, AFTER = date(2026, 11, 26), date(2026, 11, 28)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "said"),
    [
        (None, None, ""),
        (DAY, DAY, ""),
        (BEFORE, AFTER, ""),
        (None, BEFORE, "expired 2026-11-26"),
        (AFTER, None, "from 2026-11-28"),
    ],
)
def test_the_day_decides(valid_from: date | None, valid_until: date | None, said: str) -> None:
    assert unheard_on(DAY, valid_from, valid_until) == said
