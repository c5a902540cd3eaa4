"""After which moment a saved summary is still all that was said: the caller said goodbye at most since then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.records import turn

from insta_voice.calls import Turn, last_said_at

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(number: int) -> datetime:
    return NOON + timedelta(seconds=number)


def turns(told: Sequence[str]) -> list[Turn]:
    """`caller` said something, or the assistant said what is of that kind; a second after the one before."""
    made = []
    for number, what in enumerate(told, 1):
        when = {"started_at": at(number), "ended_at": at(number)}
        if what == "caller":
            made.append(turn(number, "…", **when))
        else:
            made.append(turn(number, "…", speaker="assistant", kind=what, **when))
    return made


@pytest.mark.parametrize(
    ("told", "last"),
    [
        ("caller answer", 1),
        ("caller answer caller answer", 3),
        ("caller answer caller goodbye", 1),
        ("caller answer goodbye", 1),  # the assistant's own, at the end of the call's time
        # A goodbye with a pause in it, or a word before it: all but the turn that was answered with one may be more.
        ("caller answer caller caller goodbye", 3),
        ("caller answer caller goodbye caller goodbye", 1),
        ("caller answer caller goodbye goodbye", 1),
        ("caller answer caller goodbye caller answer", 5),
        ("caller answer caller goodbye caller", 5),
        ("caller answer caller goodbye caller answer caller goodbye", 5),
    ],
)
def test_what_the_caller_said_before_their_goodbye(told: str, last: int) -> None:
    assert last_said_at(turns(told.split())) == at(last)


@pytest.mark.parametrize(
    "told", ["", "greeting", "greeting goodbye", "caller goodbye", "caller goodbye caller goodbye"]
)
def test_who_never_said_more_than_goodbye(told: str) -> None:
    assert last_said_at(turns(told.split())) is None
