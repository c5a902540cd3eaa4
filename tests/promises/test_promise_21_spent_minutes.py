"""Promise 21: deleting a call, or everything, gives no minutes back."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.records import LIMITS, TTL, make_call, make_user

from insta_voice.calls import close_call, reserve_call
from insta_voice.db import Database
from insta_voice.errors import RateLimitedError
from insta_voice.privacy import erase_call, erase_person, forget_spent_minutes


async def spend_the_day(db: Database) -> None:
    """A call of maya's that took the sixty minutes of LIMITS, and is deleted."""
    call_id = await make_call(db)
    await close_call(db, call_id=call_id, reason="hung_up")
    async with db.as_service() as connection:
        await connection.execute("update calls set started_at = ended_at - interval '60 minutes'")
    await erase_call(db, user_id="maya", call_id=call_id)


async def test_who_deletes_their_calls_has_no_more_minutes(db: Database) -> None:
    await spend_the_day(db)
    with pytest.raises(RateLimitedError, match="minutes") as caught:
        await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    assert caught.value.retry_after_s == pytest.approx(24 * 3600, abs=60)
    assert await reserve_call(db, user_id=await make_user(db, "leo"), limits=LIMITS, ttl=TTL)


async def test_nor_has_who_deletes_themselves_and_comes_back(db: Database) -> None:
    call_id = await make_call(db)
    async with db.as_service() as connection:
        await connection.execute("update calls set started_at = now() - interval '60 minutes'")
    assert call_id  # it runs while it is erased
    await erase_person(db, user_id="maya", requested_by="person")
    await make_user(db)
    with pytest.raises(RateLimitedError, match="minutes"):
        await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)


async def test_after_a_day_nothing_is_left_of_it(db: Database) -> None:
    await spend_the_day(db)

    async def kept() -> list[str]:
        async with db.as_service() as connection:
            rows = await (await connection.execute("select s::text as row from insta.spent_minutes s")).fetchall()
        return [row["row"] for row in rows]

    await forget_spent_minutes(db, now=datetime.now(UTC) + timedelta(hours=23))
    (row,) = await kept()
    assert "maya" not in row
    await forget_spent_minutes(db, now=datetime.now(UTC) + timedelta(hours=25))
    assert await kept() == []


async def test_a_call_of_yesterday_leaves_no_trace_when_it_is_deleted(db: Database) -> None:
    call_id = await make_call(db)
    await close_call(db, call_id=call_id, reason="hung_up")
    async with db.as_service() as connection:
        await connection.execute(
            "update calls set started_at = now() - interval '27 h', ended_at = now() - interval '25 h'"
        )
    await erase_call(db, user_id="maya", call_id=call_id)
    async with db.as_service() as connection:
        assert await (await connection.execute("select * from insta.spent_minutes")).fetchall() == []
