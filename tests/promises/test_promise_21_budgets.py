"""Promise 21, the part of spend: what calls may cost holds under races, and deleting gives no money back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from tests.support.api import StartApi
from tests.support.postgres import TestDatabase
from tests.support.records import LIMITS, TTL, given_ago, make_user, turn

from insta_voice.calls import Call, Reservation, close_call, free_line, open_call, record_turn, reserve_call
from insta_voice.costs import Spending
from insta_voice.db import Database
from insta_voice.errors import AtCapacityError, NotFoundError, RateLimitedError
from insta_voice.privacy import erase_call, erase_person
from insta_voice.settings import AccessSettings, CostSettings

TWO_AT_ONCE = AccessSettings(concurrent_calls_per_user=2)


def budgets(call: str = "", user_day: str = "", day: str = "") -> CostSettings:
    given = {"call_budget_usd": call, "user_day_budget_usd": user_day, "day_budget_usd": day}
    return CostSettings(**{name: Decimal(usd) for name, usd in given.items() if usd})


async def reserve(db: Database, user: str, costs: CostSettings, limits: AccessSettings = LIMITS) -> Reservation:
    return await reserve_call(db, user_id=user, limits=limits, ttl=TTL, costs=costs)


async def call_of(db: Database, user: str, costs: CostSettings, limits: AccessSettings = LIMITS) -> Call:
    """A running call of somebody who has signed in."""
    await make_user(db, user)
    reservation = await reserve(db, user, costs, limits)
    return await open_call(db, call_id=reservation.call_id, user_id=user)


async def spend(db: Database, call: Call, usd: str) -> None:
    number = (await open_call(db, call_id=call.id, user_id=call.user_id)).next_turn_number
    spending = Spending((), Decimal(usd))
    await record_turn(db, call_id=call.id, user_id=call.user_id, turn=turn(number, spending=spending))


async def end(db: Database, call_id: UUID) -> None:
    await close_call(db, call_id=call_id, reason="goodbye")


async def ended_ago(db: Database, call_id: UUID, ago: timedelta) -> None:
    """Makes a call one of a minute that ended so long ago."""
    async with db.as_service() as connection:
        await connection.execute(
            "update calls set started_at = now() - %(ago)s - interval '1 minute', ended_at = now() - %(ago)s"
            " where call_id = %(call_id)s",
            {"ago": ago, "call_id": call_id},
        )


async def leave(db: Database, call_id: UUID) -> None:
    await free_line(db, call_id=call_id, user_id="maya")


async def test_a_call_may_cost_the_least_that_is_left_of_any_budget(db: Database) -> None:
    assert (await call_of(db, "ada", CostSettings())).left_usd is None
    first = await call_of(db, "maya", budgets("0.50", "0.80"))
    assert first.left_usd == Decimal("0.50")
    await spend(db, first, "0.45")
    assert (await open_call(db, call_id=first.id, user_id="maya")).left_usd == Decimal("0.05"), "a second agent"
    await end(db, first.id)
    second = await call_of(db, "maya", budgets("0.50", "0.80"))
    assert second.left_usd == Decimal("0.35")


async def test_who_has_spent_their_day_is_told_when_to_call_again(db: Database) -> None:
    first = await call_of(db, "maya", budgets(user_day="0.10"))
    await spend(db, first, "0.11")
    await end(db, first.id)
    with pytest.raises(RateLimitedError, match="today") as caught:
        await reserve(db, "maya", budgets(user_day="0.10"))
    assert caught.value.retry_after_s == pytest.approx(24 * 3600, abs=60)
    assert await reserve(db, await make_user(db, "leo"), budgets(user_day="0.10"))
    await ended_ago(db, first.id, timedelta(hours=25))
    assert await reserve(db, "maya", budgets(user_day="0.10", day="0.10"))


async def test_a_call_that_cost_nothing_brings_no_money_back_when_its_day_is_over(db: Database) -> None:
    free = await call_of(db, "maya", CostSettings())
    await end(db, free.id)
    await ended_ago(db, free.id, timedelta(hours=23))
    first = await call_of(db, "maya", budgets(user_day="0.10", day="0.10"))
    await spend(db, first, "0.10")
    await end(db, first.id)
    for budget, refusal in (({"user_day": "0.10"}, RateLimitedError), ({"day": "0.10"}, AtCapacityError)):
        with pytest.raises(refusal) as caught:
            await reserve(db, "maya", budgets(**budget))
        assert caught.value.retry_after_s == pytest.approx(24 * 3600, abs=60)


async def test_two_calls_of_one_person_are_not_promised_the_same_money(db: Database) -> None:
    costs = budgets(user_day="1")
    first = await call_of(db, "maya", costs, TWO_AT_ONCE)
    with pytest.raises(RateLimitedError, match="in a call already"):
        await reserve(db, "maya", costs, TWO_AT_ONCE)
    await spend(db, first, "0.20")
    await leave(db, first.id)
    assert (await call_of(db, "maya", costs, TWO_AT_ONCE)).left_usd == Decimal("0.80")


async def test_what_a_call_takes_beyond_its_share_is_gone_for_all_others(db: Database) -> None:
    """The last answer before the goodbye is still paid for."""
    of_maya, of_all = budgets("0.60", user_day="1"), budgets("0.60", day="1")
    first = await call_of(db, "maya", of_maya, TWO_AT_ONCE)
    await spend(db, first, "0.90")
    assert (await call_of(db, "maya", of_maya, TWO_AT_ONCE)).left_usd == Decimal("0.10")
    with pytest.raises(AtCapacityError, match="busy"):
        await reserve(db, await make_user(db, "leo"), of_all)


async def test_the_day_of_all_holds_however_many_ask_at_once(db: Database) -> None:
    costs = budgets("0.30", day="1.00")
    people = [await make_user(db, f"user{n}") for n in range(12)]
    asked = await asyncio.gather(*(reserve(db, person, costs) for person in people), return_exceptions=True)
    given = [person for person, outcome in zip(people, asked, strict=True) if isinstance(outcome, Reservation)]
    refused = [outcome for outcome in asked if isinstance(outcome, AtCapacityError)]
    assert (len(given), len(refused)) == (4, 8)
    assert {refusal.retry_after_s for refusal in refused} == {15}
    calls = [await call_of(db, person, costs) for person in given]
    assert sum(call.left_usd or 0 for call in calls) == Decimal("1.00")
    for call in calls:
        await spend(db, call, str(call.left_usd))
        await end(db, call.id)
    with pytest.raises(AtCapacityError, match="for today") as caught:
        await reserve(db, people[-1], costs)
    assert caught.value.retry_after_s == pytest.approx(24 * 3600, abs=60)


@pytest.mark.parametrize("over", [end, leave])
async def test_what_a_call_did_not_take_is_free_when_it_is_over(
    db: Database, over: Callable[[Database, UUID], Awaitable[None]]
) -> None:
    costs = budgets("1", day="1")
    first = await call_of(db, "maya", costs)
    await spend(db, first, "0.25")
    leo = await make_user(db, "leo")
    with pytest.raises(AtCapacityError, match="busy"):
        await reserve(db, leo, costs)
    await over(db, first.id)
    assert (await call_of(db, "leo", costs)).left_usd == Decimal("0.75")


async def test_without_a_budget_by_the_call_nobody_keeps_the_day_from_others(db: Database) -> None:
    costs = budgets(day="1")
    first = await call_of(db, "maya", costs)
    await spend(db, first, "0.60")
    assert (await call_of(db, "leo", costs)).left_usd == Decimal("0.40")


async def test_a_right_that_nobody_used_in_time_keeps_no_money_back_and_finds_it_or_not(db: Database) -> None:
    """As with lines: or else those who ask and never join would keep everybody out."""
    costs = budgets("1", day="1")
    maya, leo = await make_user(db), await make_user(db, "leo")
    late = await reserve(db, maya, costs)
    with pytest.raises(AtCapacityError):
        await reserve(db, leo, costs)
    await given_ago(db, maya, timedelta(seconds=31))
    call = await call_of(db, leo, costs)
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=late.call_id, user_id=maya)
    await end(db, call.id)
    assert (await open_call(db, call_id=late.call_id, user_id=maya)).left_usd == 1


async def test_an_unused_right_that_is_given_again_may_cost_what_is_left_now(db: Database) -> None:
    maya = await make_user(db)
    first = await reserve(db, maya, budgets("2"))
    await given_ago(db, maya, TTL / 2)
    again = await reserve(db, maya, budgets("1"))
    assert (again.call_id, again.reused) == (first.call_id, True)
    assert (await open_call(db, call_id=again.call_id, user_id=maya)).left_usd == 1


async def test_a_right_that_is_given_again_keeps_back_what_its_call_may_cost_now(db: Database) -> None:
    costs = budgets("1", day="1")
    maya, leo = await make_user(db), await make_user(db, "leo")
    first = await reserve(db, maya, budgets("0.30"))
    for _ in range(2):  # what it keeps back itself does not stand in its way
        assert (await reserve(db, maya, costs)).call_id == first.call_id
    with pytest.raises(AtCapacityError):
        await reserve(db, leo, costs)
    await given_ago(db, maya, timedelta(seconds=31))
    call = await call_of(db, leo, costs)
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=first.call_id, user_id=maya)
    await end(db, call.id)
    assert (await open_call(db, call_id=first.call_id, user_id=maya)).left_usd == 1


@pytest.mark.parametrize("whole_person", [False, True])
async def test_who_deletes_gets_no_money_back_before_a_day_is_over(
    db: Database, database: TestDatabase, whole_person: bool
) -> None:
    costs = budgets(user_day="0.10", day="0.10")
    call = await call_of(db, "maya", costs)
    await spend(db, call, "0.10")
    await end(db, call.id)
    if whole_person:
        await erase_person(db, user_id="maya", requested_by="person")
        await make_user(db)
    else:
        await erase_call(db, user_id="maya", call_id=call.id)
    with pytest.raises(RateLimitedError, match="today"):
        await reserve(db, "maya", budgets(user_day="0.10"))
    with pytest.raises(AtCapacityError, match="for today"):
        await reserve(db, await make_user(db, "leo"), budgets(day="0.10"))
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        await owner.execute("update insta.spent_minutes set over_at = over_at - interval '25 hours'")
    assert await reserve(db, "maya", costs)


async def test_nobody_raises_what_their_own_call_may_cost(db: Database) -> None:
    await call_of(db, "maya", budgets("1"))
    with pytest.raises(Exception, match="did not answer") as refused:
        async with db.as_user("maya") as connection:
            await connection.execute("update call_reservations set allowed_usd = null")
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


async def test_the_token_service_says_so_and_when_to_come_back(start_api: StartApi, db: Database) -> None:
    api = await start_api(COST_USER_DAY_BUDGET_USD="0.10", COST_DAY_BUDGET_USD="0.15")
    for user, asking_next, status, told in (("user-1", "user-1", 429, "today"), ("user-2", "user-3", 503, "for today")):
        token = await api.ask_token(user)
        call = await open_call(db, call_id=UUID(token.json()["call_id"]), user_id=user)
        await spend(db, call, "0.10")
        await end(db, call.id)
        refused = await api.ask_token(asking_next)
        assert refused.status_code == status
        assert told in refused.json()["detail"]
        assert int(refused.headers["Retry-After"]) > 23 * 3600
