"""The record of a call in a real database: opened once, written turn by turn, closed once."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.support.postgres import TestDatabase
from tests.support.records import LIMITS, TTL, given_ago, make_call, make_user, turn
from tests.support.rooms import ScriptedRooms

from insta_voice.agent.dispatch import Dispatch
from insta_voice.agent.record.live_record import LiveRecord
from insta_voice.agent.record.meter import Meter
from insta_voice.api.webhooks import apply
from insta_voice.auth.livekit import Participant, RoomEvent
from insta_voice.calls import (
    Search,
    Source,
    agent_ready,
    calls_missing_agent,
    claim_dispatch,
    close_call,
    free_line,
    get_any_call,
    get_call,
    let_go_of_reservations,
    list_calls,
    list_tickets,
    open_call,
    open_ticket,
    overdue_calls,
    record_turn,
    remove_worker,
    reserve_call,
    touch_call,
    upsert_worker,
)
from insta_voice.customers import save_interaction_summary, set_disabled
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError, AtCapacityError, DBDriverError, NotFoundError, RateLimitedError
from insta_voice.settings import AccessSettings

NOW = timedelta(0)


async def jobs(db: Database, task: str) -> list[dict[str, str]]:
    async with db.as_service() as connection:
        rows = await (
            await connection.execute("select args from procrastinate_jobs where task_name = %s order by id", [task])
        ).fetchall()
    return [row["args"] for row in rows]


async def test_a_call_opens_once_and_a_second_agent_continues_it(db: Database) -> None:
    user = await make_user(db)
    reservation = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    first = await open_call(db, call_id=reservation.call_id, user_id=user)
    assert (first.room_name, first.next_turn_number, first.resumed) == (reservation.room_name, 1, False)
    await record_turn(db, call_id=first.id, user_id=user, turn=turn(1))
    second = await open_call(db, call_id=reservation.call_id, user_id=user)
    assert (second.next_turn_number, second.resumed) == (2, True)
    assert second.left_s < first.left_s  # counted from the same beginning


async def test_a_call_is_not_opened_by_another_nor_without_a_reservation(db: Database) -> None:
    user = await make_user(db)
    stranger = await make_user(db, "leo")
    reservation = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=reservation.call_id, user_id=stranger)
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=uuid4(), user_id=user)


async def test_a_closed_call_and_one_let_go_are_not_opened(db: Database) -> None:
    call_id = await make_call(db)
    await close_call(db, call_id=call_id, reason="hung_up")
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=call_id, user_id="maya")
    unused = await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    assert not await close_call(db, call_id=unused.call_id, reason="room_closed")
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=unused.call_id, user_id="maya")


async def test_a_line_whose_caller_left_is_free_before_the_record_is_closed(db: Database) -> None:
    """Its last turn may still come, nobody continues it, and it is closed and summarised once."""
    call_id = await make_call(db)
    await free_line(db, call_id=call_id, user_id="leo")
    with pytest.raises(RateLimitedError):
        await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    await free_line(db, call_id=call_id, user_id="maya")
    again = await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)
    assert again.call_id != call_id
    with pytest.raises(NotFoundError):
        await open_call(db, call_id=call_id, user_id="maya")
    assert not await touch_call(db, call_id=call_id, user_id="maya")
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    assert (await get_any_call(db, call_id)).ended_at is None
    assert [await close_call(db, call_id=call_id, reason="caller_left") for _ in range(2)] == [True, False]
    assert len(await jobs(db, "summarize_call")) == 1


async def test_a_call_its_caller_left_holds_no_minutes(db: Database) -> None:
    limits = AccessSettings(minutes_per_day=30, call_minutes=30)
    user = await make_user(db)
    first = await reserve_call(db, user_id=user, limits=limits, ttl=TTL)
    await open_call(db, call_id=first.call_id, user_id=user)
    await free_line(db, call_id=first.call_id, user_id=user)
    second = await reserve_call(db, user_id=user, limits=limits, ttl=TTL)
    opened = await open_call(db, call_id=second.call_id, user_id=user)
    assert opened.allowed_s == pytest.approx(30 * 60, abs=5)


async def test_what_is_left_of_a_call_is_counted_by_the_databases_clock(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent whose clock was an hour ahead ended a resumed call at once; one whose clock was behind, never."""
    call_id = await make_call(db)
    async with db.as_service() as connection:
        await connection.execute("update calls set started_at = now() - interval '10 minutes'")
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    now_s = 100.0
    room = (await get_any_call(db, call_id)).room_name
    record = LiveRecord(db, Dispatch(call_id, "maya"), room, Meter({}), clock=lambda: now_s)
    await record.open()
    assert record.left_s(30) == pytest.approx(20 * 60, abs=5)
    now_s += 60
    assert record.left_s(30) == pytest.approx(19 * 60, abs=5)


async def test_many_who_hang_up_and_call_again_have_one_call_each(db: Database) -> None:
    """However leaving, calling again and opening cross."""
    user = await make_user(db)

    async def call_again() -> None:
        with suppress(RateLimitedError, NotFoundError):
            given = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
            await open_call(db, call_id=given.call_id, user_id=user)

    for _ in range(15):
        first = await make_call(db, user)
        left = free_line(db, call_id=first, user_id=user)
        await asyncio.gather(*(call_again() for _ in range(3)), left, *(call_again() for _ in range(3)))
        async with db.as_service() as connection:
            open_calls = await (
                await connection.execute("select call_id from calls where ended_at is null and caller_left_at is null")
            ).fetchall()
        assert len(open_calls) <= 1
        for row in open_calls:
            await close_call(db, call_id=row["call_id"], reason="hung_up")
        await close_call(db, call_id=first, reason="caller_left")


async def test_who_asks_and_never_joins_keeps_nobody_out_for_long(db: Database) -> None:
    first, second = await make_user(db, "maya"), await make_user(db, "leo")
    await upsert_worker(db, "w1", calls=0, capacity=1)
    unused = await reserve_call(db, user_id=first, limits=LIMITS, ttl=TTL)
    with pytest.raises(AtCapacityError):
        await reserve_call(db, user_id=second, limits=LIMITS, ttl=TTL)
    await given_ago(db, first, timedelta(seconds=31))
    await reserve_call(db, user_id=second, limits=LIMITS, ttl=TTL)
    with pytest.raises(AtCapacityError):  # the place is somebody else's now
        await reserve_call(db, user_id=first, limits=LIMITS, ttl=TTL)
    await given_ago(db, second, timedelta(seconds=31))
    again = await reserve_call(db, user_id=first, limits=LIMITS, ttl=TTL)
    assert (again.call_id, again.reused) == (unused.call_id, True)


CALLER, AGENT = Participant("maya", is_agent=False), Participant("agent-1", is_agent=True)


async def test_a_caller_whom_the_agent_never_saw_has_their_line_back_too(db: Database) -> None:
    """They hung up while the agent was coming: the call server saw it. A caller who is back is not gone."""
    call_id = await make_call(db)
    room = (await get_any_call(db, call_id)).room_name
    rooms = ScriptedRooms()
    left = RoomEvent("participant_left", room, call_id, "maya", CALLER, hung_up=True)
    rooms.present[room] = [AGENT, CALLER]
    await apply(db, rooms, left)
    assert await touch_call(db, call_id=call_id, user_id="maya")
    rooms.present[room] = [AGENT]
    await apply(db, rooms, left)
    await apply(db, rooms, left)
    assert not await touch_call(db, call_id=call_id, user_id="maya")
    assert (await get_any_call(db, call_id)).ended_at is None
    assert await reserve_call(db, user_id="maya", limits=LIMITS, ttl=TTL)


async def test_a_disabled_person_opens_nothing_and_their_agent_leaves(db: Database) -> None:
    call_id = await make_call(db)
    assert await touch_call(db, call_id=call_id, user_id="maya")
    await set_disabled(db, "maya", True)
    assert not await touch_call(db, call_id=call_id, user_id="maya")
    with pytest.raises(AccountDisabledError):
        await open_call(db, call_id=call_id, user_id="maya")


async def test_closing_is_once_and_its_summary_is_enqueued_once(db: Database) -> None:
    call_id = await make_call(db)
    ended = await asyncio.gather(*(close_call(db, call_id=call_id, reason=f"reason {n}") for n in range(10)))
    assert sorted(ended) == [False] * 9 + [True]
    assert await jobs(db, "summarize_call") == [{"call_id": str(call_id)}]
    assert not await touch_call(db, call_id=call_id, user_id="maya")


async def test_closing_for_a_user_closes_only_theirs(db: Database) -> None:
    call_id = await make_call(db)
    assert not await close_call(db, call_id=call_id, reason="hung_up", user_id="leo")
    assert await close_call(db, call_id=call_id, reason="hung_up", user_id="maya")


async def test_a_call_stays_open_when_its_summary_cannot_be_enqueued(db: Database, database: TestDatabase) -> None:
    """The outbox: a call that ended without its job would never be summarised."""
    call_id = await make_call(db)
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        await owner.execute("alter table procrastinate.procrastinate_jobs add check (task_name is null)")
    with pytest.raises(DBDriverError):
        await close_call(db, call_id=call_id, reason="hung_up")
    assert (await get_any_call(db, call_id)).ended_at is None


async def test_a_call_is_read_back_as_it_was_written(db: Database) -> None:
    call_id = await make_call(db)
    question = turn(1)
    answer = turn(
        2,
        "Open the sign-in page and choose “Forgot password”.",
        speaker="assistant",
        heard="Open the sign-in",
        interrupted=True,
        sources=(Source("a1", "Reset your password", "/help/a1", "Choose “Forgot password”."),),
        searches=(Search("And without the mail?", "How do I reset it? And without the mail?", 0.31, False, "a-model"),),
        timings_ms={"search": 12.5},
        mind="grounded",
        kind="answer",
    )
    for spoken in (question, answer):
        await record_turn(db, call_id=call_id, user_id="maya", turn=spoken)
    await save_interaction_summary("maya", "Asked about passwords.", call_id=call_id, solved=True, db=db)
    ticket = await open_ticket(db, user_id="maya", call_id=call_id, subject="Call me\r\nBcc: x", briefing="…", key="k")
    found = await get_call(db, "maya", call_id)
    assert found.turns == (question, answer)
    assert (found.summary, found.solved, found.ticket) == ("Asked about passwords.", True, ticket)
    assert ticket.subject == "Call me Bcc: x"
    (entry,) = await list_calls(db, "maya")
    assert (entry.call_id, entry.turns, entry.summary) == (call_id, 2, "Asked about passwords.")


async def test_a_call_of_another_is_not_found_nor_listed(db: Database) -> None:
    call_id = await make_call(db)
    await make_user(db, "leo")
    assert await list_calls(db, "leo") == []
    with pytest.raises(NotFoundError):
        await get_call(db, "leo", call_id)
    with pytest.raises(NotFoundError):
        await record_turn(db, call_id=call_id, user_id="leo", turn=turn(1))
    with pytest.raises(DBDriverError):
        await open_ticket(db, user_id="leo", call_id=call_id, subject="s", briefing="b", key="k")
    with pytest.raises(DBDriverError):
        await save_interaction_summary("leo", "mine", call_id=call_id, db=db)


async def test_the_same_wish_is_one_ticket_and_one_delivery(db: Database) -> None:
    call_id = await make_call(db)

    async def ask() -> UUID:
        ticket = await open_ticket(db, user_id="maya", call_id=call_id, subject="Call me", briefing="…", key="turn-4")
        return ticket.ticket_id

    made = await asyncio.gather(*(ask() for _ in range(8)))
    assert len(set(made)) == 1
    assert await jobs(db, "deliver_ticket") == [{"ticket_id": str(made[0])}]
    assert [ticket.ticket_id for ticket in await list_tickets(db)] == [made[0]]


async def test_a_silent_agent_is_seen_and_asked_for_once(db: Database) -> None:
    call_id = await make_call(db)
    assert await calls_missing_agent(db, silent_for=timedelta(seconds=30)) == []
    (missing,) = await calls_missing_agent(db, silent_for=NOW)
    assert (missing.call_id, missing.user_id, missing.opened) == (call_id, "maya", True)
    claims = await asyncio.gather(*(claim_dispatch(db, call_id=call_id, pause=timedelta(seconds=8)) for _ in range(5)))
    assert sorted(claims) == [False] * 4 + [True]
    await close_call(db, call_id=call_id, reason="hung_up")
    assert await calls_missing_agent(db, silent_for=NOW) == []


async def test_a_reservation_without_an_agent_is_seen_and_let_go_when_expired(db: Database) -> None:
    user = await make_user(db)
    reservation = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    (missing,) = await calls_missing_agent(db, silent_for=NOW)
    assert (missing.room_name, missing.opened) == (reservation.room_name, False)
    assert await let_go_of_reservations(db, grace=NOW) == 0
    await reserve_call(db, user_id=user, limits=LIMITS, ttl=timedelta(seconds=-1))
    assert await let_go_of_reservations(db, grace=NOW) == 1
    assert await calls_missing_agent(db, silent_for=NOW) == []


async def test_overdue_calls_are_long_or_silent(db: Database) -> None:
    call_id = await make_call(db)
    hour = timedelta(hours=1)
    assert await overdue_calls(db, grace=NOW, silent_for=hour) == []
    for grace, silent_for in ((-hour, hour), (hour, NOW)):
        found = await overdue_calls(db, grace=grace, silent_for=silent_for)
        assert [call for call, _ in found] == [call_id]


async def test_the_agent_is_ready_while_a_worker_is_heard_of(db: Database) -> None:
    assert not await agent_ready(db)
    await upsert_worker(db, "w1", calls=0, capacity=4)
    await upsert_worker(db, "w1", calls=1, capacity=4)
    assert await agent_ready(db)
    async with db.as_service() as connection:
        await connection.execute("update agent_workers set seen_at = now() - interval '16 seconds'")
    assert not await agent_ready(db)
    await upsert_worker(db, "w1", calls=1, capacity=4)
    await remove_worker(db, "w1")
    assert not await agent_ready(db)
