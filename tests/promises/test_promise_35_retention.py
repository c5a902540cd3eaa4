"""Promise 35, retention: what callers said goes after RETENTION_DAYS, on a clock that is passed in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.support.records import LIMITS, TTL, make_call, turn
from tests.support.settings import complete_settings

from insta_voice.calls import (
    close_call,
    get_any_call,
    list_calls,
    list_tickets,
    open_ticket,
    rate_call,
    record_turn,
    reserve_call,
)
from insta_voice.customers import get_profile, last_summary, save_interaction_summary
from insta_voice.db import Database
from insta_voice.errors import NotFoundError
from insta_voice.jobs.tasks import obey_retention
from insta_voice.privacy import forget_old_calls, retention

KEEP = timedelta(days=90)


async def ended_call(db: Database, user_id: str = "maya") -> UUID:
    call_id = await make_call(db, user_id)
    await record_turn(db, call_id=call_id, user_id=user_id, turn=turn(1))
    await open_ticket(db, user_id=user_id, call_id=call_id, subject="s", briefing="b", key=str(call_id))
    await save_interaction_summary(user_id, "s", call_id=call_id, db=db)
    await rate_call(db, user_id=user_id, call_id=call_id, solved=False, comment="no")
    await close_call(db, call_id=call_id, reason="hung_up")
    return call_id


async def rows(db: Database) -> dict[str, int]:
    async with db.as_service() as connection:
        row = await (
            await connection.execute(
                """select (select count(*) from calls) as calls, (select count(*) from call_turns) as turns,
                          (select count(*) from interaction_summaries) as summaries,
                          (select count(*) from tickets) as tickets, (select count(*) from call_ratings) as ratings,
                          (select count(*) from call_reservations) as rights"""
            )
        ).fetchone()
    assert row is not None
    return row


async def test_a_call_goes_when_its_days_are_over_and_not_before(db: Database) -> None:
    call_id = await ended_call(db)
    ended_at = (await get_any_call(db, call_id)).ended_at
    assert ended_at is not None
    assert await forget_old_calls(db, now=ended_at + KEEP - timedelta(seconds=1), keep=KEEP) == 0
    assert set((await rows(db)).values()) == {1}
    assert await forget_old_calls(db, now=ended_at + KEEP + timedelta(seconds=1), keep=KEEP) == 1
    assert set((await rows(db)).values()) == {0}
    assert await last_summary(db, "maya") is None
    assert await list_tickets(db) == []
    assert await get_profile(db, "maya") is not None  # the person stays: they may call again


async def test_a_call_that_runs_stays_however_old(db: Database) -> None:
    call_id = await make_call(db)
    assert await forget_old_calls(db, now=datetime.now(UTC) + 10 * KEEP, keep=KEEP) == 0
    assert (await get_any_call(db, call_id)).ended_at is None


async def test_rights_nobody_used_and_summaries_without_a_call_go_with_their_own_age(db: Database) -> None:
    await ended_call(db)
    await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    await save_interaction_summary("maya", "outside a call", db=db)
    assert await forget_old_calls(db, now=datetime.now(UTC) + KEEP + timedelta(hours=1), keep=KEEP) == 2
    assert set((await rows(db)).values()) == {0}


async def test_more_than_one_step(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_CALLS_A_STEP", 2)
    for _ in range(4):
        await ended_call(db)
    await ended_call(db, "leo")
    assert await forget_old_calls(db, now=datetime.now(UTC) + 2 * KEEP, keep=KEEP) == 5
    assert await list_calls(db, "maya") == []


@pytest.mark.parametrize(("days", "kept"), [("30", False), ("0", True), (None, True)])
async def test_the_job_obeys_the_setting(db: Database, days: str | None, kept: bool) -> None:
    """After 31 days: deleted with 30, kept with 0 (for ever) and with the default of 90."""
    call_id = await ended_call(db)
    settings = complete_settings(RETENTION_DAYS=days)
    await obey_retention(db, settings, datetime.now(UTC) + timedelta(days=31))
    if kept:
        assert (await get_any_call(db, call_id)).summary == "s"
    else:
        with pytest.raises(NotFoundError):
            await get_any_call(db, call_id)


async def test_a_number_of_days_that_is_none_does_not_start() -> None:
    for days in ("-1", "forever", "99999999999"):
        with pytest.raises(ValueError):
            complete_settings(RETENTION_DAYS=days)
