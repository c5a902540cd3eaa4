"""What the person who takes a ticket reads first: what was said in the call so far, whichever agent heard it."""

from collections.abc import Sequence
from uuid import UUID

from insta_voice.calls.exchanges import exchanges_of, told
from insta_voice.calls.models import Turn
from insta_voice.calls.reading import get_call
from insta_voice.db import Database

_MOST_LINES = 20  # the last of a long call; the record has the rest


async def brief_call(db: Database, user_id: str, call_id: UUID) -> str:
    """The briefing of a running call of `user_id`; NotFoundError when there is none."""
    return brief((await get_call(db, user_id, call_id)).turns)


def subject_of(turns: Sequence[Turn]) -> str:
    """What a ticket that nobody worded is about: the last question left open, else the last thing that was asked."""
    exchanges = exchanges_of(turns)
    asked = [exchange.question for exchange in exchanges if exchange.left_open] or [
        exchange.question for exchange in exchanges if exchange.question
    ]
    return asked[-1] if asked else ""


def brief(turns: Sequence[Turn]) -> str:
    """A line for each question with what answered it; the caller's last words where nothing was asked."""
    exchanges = exchanges_of(turns)
    asked = [sentence for exchange in exchanges if (sentence := told(exchange))]
    said = [f"Said “{exchange.question}”." for exchange in exchanges if exchange.question]
    lines = asked[-_MOST_LINES:] or said[-1:]
    return "\n".join(f"- {line}" for line in lines) or "The record holds nothing that the caller said."
