"""People, calls and turns for tests of the record."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from insta_voice.calls import Turn, open_call, reserve_call
from insta_voice.customers import Profile, admit
from insta_voice.db import Database
from insta_voice.settings import AccessSettings

LIMITS = AccessSettings(concurrent_calls_per_user=1, concurrent_calls=20, minutes_per_day=60, call_minutes=30)
TTL = timedelta(minutes=10)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def ensure_profile(
    db: Database, *, user_id: str, email: str | None, name: str | None, email_verified: bool
) -> Profile:
    """The profile of someone who may call whatever the rule says: `admit` with an open door."""
    return await admit(db, user_id=user_id, email=email, name=name, email_verified=email_verified, rule="open")


async def make_user(db: Database, user_id: str = "maya") -> str:
    """Someone who has signed in."""
    await ensure_profile(db, user_id=user_id, email=f"{user_id}@example.org", name=user_id.title(), email_verified=True)
    return user_id


async def make_call(db: Database, user_id: str = "maya") -> UUID:
    """An open call of a signed-in person."""
    await make_user(db, user_id)
    reservation = await reserve_call(db, user_id=user_id, limits=LIMITS, ttl=TTL)
    await open_call(db, call_id=reservation.call_id, user_id=user_id)
    return reservation.call_id


async def given_ago(db: Database, user_id: str, ago: timedelta) -> None:
    """Makes the right of `user_id` that old."""
    async with db.as_service() as connection:
        await connection.execute(
            "update call_reservations set created_at = now() - %(ago)s::interval, given_at = now() - %(ago)s::interval"
            " where user_id = %(user_id)s and settled_at is null",
            {"ago": ago, "user_id": user_id},
        )


def turn(number: int, text: str = "How do I reset my password?", **fields: Any) -> Turn:
    """A caller's turn, or whatever `fields` make of it."""
    started = NOON + timedelta(seconds=5 * number)
    return Turn(
        **{
            "number": number,
            "speaker": "caller",
            "text": text,
            "heard": text,
            "started_at": started,
            "ended_at": started + timedelta(seconds=2),
            **fields,
        }
    )
