"""Promise 21, the part of calls: concurrent calls and minutes hold under races."""

import asyncio
from datetime import timedelta

import pytest
from tests.support.poll import eventually_async
from tests.support.records import LIMITS, TTL, make_call, make_user

from insta_voice.calls import Reservation, close_call, open_call, remove_worker, reserve_call, upsert_worker
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


async def test_opening_a_call_while_another_is_asked_for_gives_one_room(db: Database) -> None:
    """At limit 1 the second request finds the unused right or the running call, whichever way the two cross."""
    user = await make_user(db)
    for _ in range(50):
        first = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
        _, second = await asyncio.gather(
            open_call(db, call_id=first.call_id, user_id=user),
            reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL),
            return_exceptions=True,
        )
        async with db.as_service() as connection:
            row = await (await connection.execute(HELD)).fetchone()
        assert row == {"running": 1, "waiting": 0}
        if isinstance(second, Reservation):
            assert (second.call_id, second.reused) == (first.call_id, True)
        else:
            assert isinstance(second, RateLimitedError)
        await close_call(db, call_id=first.call_id, reason="hung_up")


HELD = """select (select count(*) from calls where ended_at is null) as running,
                 (select count(*) from call_reservations where settled_at is null) as waiting"""


async def test_a_right_being_used_is_not_handed_out_again(db: Database) -> None:
    """The same crossing held still: the call is opened, but not committed, when the second request comes."""
    user = await make_user(db)
    first = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    async with db.as_user(user) as opening:
        await opening.execute(
            "select insta.open_call(%(call_id)s, %(user_id)s)", {"call_id": first.call_id, "user_id": user}
        )
        second = asyncio.create_task(reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL))
        await eventually_async(lambda: _waits_for_a_lock(db), within_s=5, what="the second request waits")
    with pytest.raises(RateLimitedError):
        await second


async def _waits_for_a_lock(db: Database) -> bool:
    async with db.as_service() as connection:
        row = await (await connection.execute("select count(*) as n from pg_locks where not granted")).fetchone()
    return row is not None and bool(row["n"])


async def test_a_right_within_its_grace_is_given_again_instead_of_a_second_one(db: Database) -> None:
    """An agent that is slow may still open it: beside another it would make two calls at limit 1."""
    user = await make_user(db)
    first = await reserve_call(db, user_id=user, limits=LIMITS, ttl=timedelta(seconds=-30))
    second = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    assert (second.call_id, second.reused) == (first.call_id, True)


async def test_more_calls_than_the_workers_hold_are_refused_at_once(db: Database) -> None:
    people = [await make_user(db, f"user{n}") for n in range(5)]
    await upsert_worker(db, "w1", calls=0, capacity=1)
    await upsert_worker(db, "w2", calls=0, capacity=1)
    first = await reserve_call(db, user_id=people[0], limits=LIMITS, ttl=TTL)
    await open_call(db, call_id=first.call_id, user_id=people[0])
    await reserve_call(db, user_id=people[1], limits=LIMITS, ttl=TTL)
    with pytest.raises(AtCapacityError) as caught:
        await reserve_call(db, user_id=people[2], limits=LIMITS, ttl=TTL)
    assert caught.value.retry_after_s
    await upsert_worker(db, "w3", calls=0, capacity=40)
    await reserve_call(db, user_id=people[2], limits=LIMITS, ttl=TTL)
    with pytest.raises(AtCapacityError):  # the setting still holds
        await reserve_call(db, user_id=people[3], limits=AccessSettings(concurrent_calls=3), ttl=TTL)


async def test_without_a_living_worker_the_setting_alone_counts(db: Database) -> None:
    """The page says that the assistant is warming up; who presses then is answered when it has."""
    people = [await make_user(db, f"user{n}") for n in range(3)]
    await upsert_worker(db, "silent", calls=0, capacity=1)
    await upsert_worker(db, "leaving", calls=0, capacity=1)
    async with db.as_service() as connection:
        await connection.execute("update agent_workers set seen_at = now() - interval '16 s' where name = 'silent'")
    await remove_worker(db, "leaving")
    for person in people:
        await reserve_call(db, user_id=person, limits=LIMITS, ttl=TTL)


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


async def test_a_call_gets_what_is_left_of_the_day(db: Database) -> None:
    user = await make_user(db)
    first = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    assert (await open_call(db, call_id=first.call_id, user_id=user)).allowed_s == 30 * 60
    await close_call(db, call_id=first.call_id, reason="hung_up")
    await began_ago(db, timedelta(minutes=179), timedelta(hours=2))  # 59 of 60 minutes
    last = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    assert (await open_call(db, call_id=last.call_id, user_id=user)).allowed_s == pytest.approx(60)
    again = await open_call(db, call_id=last.call_id, user_id=user)  # a second agent: counted from the start
    assert again.allowed_s == pytest.approx(60)


async def test_a_call_of_seconds_is_not_begun(db: Database) -> None:
    await make_call(db)
    await began_ago(db, timedelta(hours=1, minutes=59, seconds=40), timedelta(hours=1))  # 20 s are left
    with pytest.raises(RateLimitedError) as caught:
        await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    assert caught.value.retry_after_s == pytest.approx(23 * 3600, abs=60)


async def test_calls_at_once_do_not_share_the_same_minutes(db: Database) -> None:
    """However requests and openings cross, what the running calls may take is what the day has left."""
    limits = AccessSettings(minutes_per_day=60, call_minutes=30, concurrent_calls_per_user=9)
    await make_call(db)
    await began_ago(db, timedelta(hours=2, minutes=20), timedelta(hours=2))  # 40 are left

    async def call() -> float:
        given = await reserve_call(db, user_id="maya", limits=limits, ttl=TTL)
        return (await open_call(db, call_id=given.call_id, user_id="maya")).allowed_s

    rounds = [await asyncio.gather(*(call() for _ in range(6)), return_exceptions=True) for _ in range(4)]
    refused = [outcome for one in rounds for outcome in one if isinstance(outcome, BaseException)]
    assert refused
    assert {type(error) for error in refused} <= {RateLimitedError, NotFoundError}
    async with db.as_service() as connection:
        rows = await (
            await connection.execute(
                """select extract(epoch from r.allowed)::float8 as s
                     from calls join call_reservations r using (call_id) where ended_at is null"""
            )
        ).fetchall()
    assert sorted(row["s"] for row in rows) == pytest.approx([10 * 60, 30 * 60])


async def test_minutes_held_by_a_running_call_come_back_with_its_end(db: Database) -> None:
    limits = AccessSettings(minutes_per_day=30, call_minutes=30, concurrent_calls_per_user=2)
    user = await make_user(db)
    first = await reserve_call(db, user_id=user, limits=limits, ttl=TTL)
    await open_call(db, call_id=first.call_id, user_id=user)
    with pytest.raises(RateLimitedError, match="in a call already"):
        await reserve_call(db, user_id=user, limits=limits, ttl=TTL)
    await close_call(db, call_id=first.call_id, reason="hung_up")
    assert await reserve_call(db, user_id=user, limits=limits, ttl=TTL)


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
