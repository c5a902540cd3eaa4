"""Promise 21, the part of calls: concurrent calls and minutes hold under races."""

import asyncio
from datetime import timedelta

import pytest
from tests.support.records import LIMITS, TTL, make_call, make_user

from insta_voice.calls import Reservation, close_call, open_call, reserve_call
from insta_voice.customers import set_disabled
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError, AtCapacityError, NotFoundError, RateLimitedError
from insta_voice.settings import AccessSettings


async def test_twenty_people_at_once_get_as_many_calls_as_there_are(db: Database) -> None:
    limits = AccessSettings(concurrent_calls=7)
    people = [await make_user(db, f"user{n}") for n in range(20)]
    outcomes = await asyncio.gather(
        *(reserve_call(db, user_id=person, limits=limits, ttl=TTL) for person in people),
        return_exceptions=True,
    )
    given = [outcome for outcome in outcomes if isinstance(outcome, Reservation)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, AtCapacityError)]
    assert (len(given), len(refused)) == (7, 13)
    assert len({reservation.room_name for reservation in given}) == 7
    assert all(error.retry_after_s for error in refused)


async def test_one_person_pressing_twenty_times_has_one_room(db: Database) -> None:
    user = await make_user(db)
    given = await asyncio.gather(*(reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL) for _ in range(20)))
    assert len({(reservation.call_id, reservation.room_name) for reservation in given}) == 1
    assert sorted(reservation.reused for reservation in given) == [False] + [True] * 19


async def test_a_person_in_a_call_gets_no_second_one_until_it_ends(db: Database) -> None:
    call_id = await make_call(db)
    with pytest.raises(RateLimitedError) as caught:
        await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    assert caught.value.retry_after_s == 5
    await close_call(db, call_id=call_id, reason="hung_up")
    assert (await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)).call_id != call_id


async def test_more_calls_a_person_when_the_settings_say_so(db: Database) -> None:
    limits = AccessSettings(concurrent_calls_per_user=2)
    await make_call(db)
    second = await reserve_call(db, user_id="maya", limits=limits, ttl=TTL)
    await open_call(db, call_id=second.call_id, user_id="maya")
    with pytest.raises(RateLimitedError):
        await reserve_call(db, user_id="maya", limits=limits, ttl=TTL)


async def test_an_expired_reservation_frees_its_place_and_is_not_used_again(db: Database) -> None:
    limits = AccessSettings(concurrent_calls=1)
    first, second = await make_user(db, "maya"), await make_user(db, "leo")
    expired = await reserve_call(db, user_id=first, limits=limits, ttl=timedelta(seconds=-90))
    given = await reserve_call(db, user_id=second, limits=limits, ttl=TTL)
    assert given.call_id != expired.call_id
    with pytest.raises(AtCapacityError):
        await reserve_call(db, user_id=first, limits=limits, ttl=TTL)
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=expired.call_id, user_id=first)


async def began_ago(db: Database, started: timedelta, ended: timedelta | None) -> None:
    """Moves maya's newest call into the past."""
    async with db.as_service() as connection:
        await connection.execute(
            """update calls set started_at = now() - %s::interval, ended_at = now() - %s::interval,
                      end_reason = case when %s::interval is null then null else 'hung_up' end
                where call_id = (select call_id from calls order by started_at desc limit 1)""",
            [started, ended, ended],
        )


async def test_minutes_of_ended_and_running_calls_count_and_return_after_a_day(db: Database) -> None:
    limits = AccessSettings(minutes_per_day=60, concurrent_calls_per_user=3)
    await make_call(db)
    await began_ago(db, timedelta(hours=2, minutes=40), timedelta(hours=2))
    await reserve_call(db, user_id="maya", limits=limits, ttl=TTL)  # 40 minutes: fine
    second = await reserve_call(db, user_id="maya", limits=limits, ttl=TTL)
    await open_call(db, call_id=second.call_id, user_id="maya")
    await began_ago(db, timedelta(minutes=20, seconds=1), None)  # and 20 of a running one: 60
    with pytest.raises(RateLimitedError) as caught:
        await reserve_call(db, user_id="maya", limits=limits, ttl=TTL)
    assert caught.value.retry_after_s == pytest.approx(22 * 3600, abs=60)


async def test_yesterdays_minutes_do_not_count(db: Database) -> None:
    await make_call(db)
    await began_ago(db, timedelta(hours=27), timedelta(hours=25))
    assert await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)


async def test_a_disabled_person_and_a_stranger_get_nothing(db: Database) -> None:
    await make_user(db)
    await set_disabled(db, "maya", True)
    with pytest.raises(AccountDisabledError):
        await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    with pytest.raises(NotFoundError):
        await reserve_call(db, user_id="stranger", limits=LIMITS, ttl=TTL)
