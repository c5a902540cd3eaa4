"""Promise 21, the part of rights that nobody joins with: they keep no line from others, and whoever comes late with one
takes none that is somebody else's. Twenty accounts once kept every line for six minutes by asking, and for as long as
they asked again.
"""

import asyncio
from datetime import timedelta

import pytest
from tests.support.records import LIMITS, TTL, given_ago, make_user

from insta_voice.calls import Reservation, open_call, reserve_call
from insta_voice.db import Database
from insta_voice.errors import AtCapacityError, NotFoundError
from insta_voice.settings import AccessSettings

LATE = timedelta(seconds=31)


async def ask(db: Database, user_id: str, limits: AccessSettings = LIMITS) -> Reservation:
    return await reserve_call(db, user_id=user_id, limits=limits, ttl=TTL)


async def test_twenty_accounts_that_only_ask_keep_nobody_out(db: Database) -> None:
    await make_user(db)
    idle = [await make_user(db, f"idle{n}") for n in range(LIMITS.concurrent_calls)]
    for account in idle:
        await ask(db, account)
    with pytest.raises(AtCapacityError):  # their people are on the way, as far as anybody knows
        await ask(db, "maya")
    for account in idle:
        await given_ago(db, account, LATE)
    await asyncio.gather(*(ask(db, account) for account in idle))  # asking again keeps no line for longer
    right = await ask(db, "maya")
    assert await open_call(db, call_id=right.call_id, user_id="maya")


async def test_who_comes_late_finds_a_line_free_or_no_call(db: Database) -> None:
    limits = AccessSettings(concurrent_calls=1)
    late, quick = await make_user(db, "late"), await make_user(db, "quick")
    old = await ask(db, late, limits)
    await given_ago(db, late, LATE)
    new = await ask(db, quick, limits)
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=old.call_id, user_id=late)
    await open_call(db, call_id=new.call_id, user_id=quick)
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=old.call_id, user_id=late)
    async with db.as_service() as connection:
        await connection.execute("update calls set ended_at = now(), end_reason = 'hung_up'")
    assert await open_call(db, call_id=old.call_id, user_id=late)


async def test_the_setting_holds_however_late_and_new_ones_cross(db: Database) -> None:
    limits = AccessSettings(concurrent_calls=5)
    late = [await make_user(db, f"late{n}") for n in range(5)]
    new = [await make_user(db, f"new{n}") for n in range(10)]
    old = [await ask(db, person, limits) for person in late]
    for person in late:
        await given_ago(db, person, LATE)

    async def come(person: str) -> None:
        right = await ask(db, person, limits)
        await open_call(db, call_id=right.call_id, user_id=person)

    outcomes = await asyncio.gather(
        *(open_call(db, call_id=right.call_id, user_id=person) for right, person in zip(old, late, strict=True)),
        *(come(person) for person in new),
        return_exceptions=True,
    )
    failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert {type(error) for error in failed} <= {AtCapacityError, NotFoundError}
    async with db.as_service() as connection:
        row = await (
            await connection.execute("select count(*) as running from calls where ended_at is null")
        ).fetchone()
    assert row == {"running": 5}
    assert len(failed) == 10
