"""The watch over running calls: a caller whose agent died gets another within 10 s (promise 12)."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.records import LIMITS, TTL, make_call, make_user
from tests.support.rooms import ScriptedRooms

from insta_voice.auth.livekit import Participant, job_metadata
from insta_voice.calls import get_any_call, open_call, reserve_call, touch_call
from insta_voice.db import Database
from insta_voice.errors import DBDriverError, MediaServerError
from insta_voice.jobs.watch import BLIND_AFTER_OUTAGE_S, CallWatcher

CALLER = Participant("maya", is_agent=False)
AGENT = Participant("agent-1", is_agent=True)


class Clock:
    """Monotonic seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def silent_for(db: Database, seconds: float) -> None:
    """Makes every agent's last heartbeat, and every reservation, that old."""
    past = timedelta(seconds=seconds)
    async with db.as_service() as connection:
        await connection.execute("update calls set agent_seen_at = now() - %s::interval", [past])
        await connection.execute("update call_reservations set created_at = now() - %s::interval", [past])


async def open_room(db: Database, *present: Participant) -> tuple[UUID, str, ScriptedRooms]:
    call_id = await make_call(db)
    room = (await get_any_call(db, call_id)).room_name
    rooms = ScriptedRooms()
    rooms.present[room] = list(present)
    return call_id, room, rooms


def long_watching(db: Database, rooms: ScriptedRooms, clock: Clock | None = None) -> CallWatcher:
    """One that has been at it for a while."""
    clock = clock or Clock()
    watcher = CallWatcher(db, rooms, clock=clock)
    clock.now += BLIND_AFTER_OUTAGE_S
    return watcher


async def test_a_dead_agent_is_taken_out_and_another_asked_for(db: Database) -> None:
    call_id, room, rooms = await open_room(db, CALLER, AGENT)
    watcher = long_watching(db, rooms)
    await silent_for(db, 4)
    await watcher.look()
    assert rooms.said == []
    await silent_for(db, 6)
    await watcher.look()
    asked = ("dispatch", room, job_metadata(call_id=call_id, user_id="maya"))
    assert rooms.said == [("remove", room, "agent-1"), asked]
    await watcher.look()
    assert rooms.said == [("remove", room, "agent-1"), asked]  # once in eight seconds
    async with db.as_service() as connection:
        await connection.execute("update call_reservations set agent_asked_at = now() - interval '9 seconds'")
    await watcher.look()
    assert rooms.said[2:] == [asked]


async def test_the_next_agent_speaks_the_callers_language(db: Database) -> None:
    user = await make_user(db)
    given = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL, language="de")
    await open_call(db, call_id=given.call_id, user_id=user)
    rooms = ScriptedRooms()
    rooms.present[given.room_name] = [CALLER]
    await silent_for(db, 6)
    await long_watching(db, rooms).look()
    job = job_metadata(call_id=given.call_id, user_id=user, language="de")
    assert rooms.said == [("dispatch", given.room_name, job)]


async def test_a_caller_whom_no_agent_reached_gets_one(db: Database) -> None:
    user = await make_user(db)
    reservation = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    rooms, clock = ScriptedRooms(), Clock()
    watcher = long_watching(db, rooms, clock)
    await silent_for(db, 120)
    await watcher.look()
    rooms.present[reservation.room_name] = [CALLER, AGENT]
    await watcher.look()
    clock.now += 5
    await watcher.look()
    assert rooms.said == []  # it may be on its way: the caller came just now
    clock.now += 2
    await watcher.look()
    assert [said[0] for said in rooms.said] == ["remove", "dispatch"]


async def test_a_call_without_anyone_is_closed_after_a_while(db: Database) -> None:
    call_id, room, rooms = await open_room(db)
    watcher = long_watching(db, rooms)
    await silent_for(db, 15)
    await watcher.look()
    assert (await get_any_call(db, call_id)).ended_at is None
    await silent_for(db, 21)
    await watcher.look()
    assert (await get_any_call(db, call_id)).end_reason == "caller_left"
    assert rooms.said == [("delete", room, "")]


async def test_another_in_the_room_is_not_the_caller(db: Database) -> None:
    _, _, rooms = await open_room(db, Participant("leo", is_agent=False), AGENT)
    await silent_for(db, 6)
    await long_watching(db, rooms).look()
    assert rooms.said == []


async def test_after_an_outage_agents_get_time_to_say_that_they_live(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, rooms = await open_room(db, CALLER, AGENT)
    away = Database("postgresql://nobody@127.0.0.1:9/none", connect_timeout_s=0.2)
    clock = Clock()
    watcher = CallWatcher(away, rooms, clock=clock)
    async with away:
        with pytest.raises(DBDriverError):
            await watcher.look()
    monkeypatch.setattr(watcher, "_db", db)
    await silent_for(db, 60)
    await watcher.look()
    assert rooms.said == []
    clock.now += 7
    await watcher.look()
    assert [said[0] for said in rooms.said] == ["remove", "dispatch"]


async def test_a_watcher_that_has_just_started_takes_no_agent_away_before_it_could_say_that_it_lives(
    db: Database,
) -> None:
    """Postgres and the job worker came back together: every call was silent for the outage, and lost its agent."""
    call_id, _, rooms = await open_room(db, CALLER, AGENT)
    clock = Clock()
    watcher = CallWatcher(db, rooms, clock=clock)
    await silent_for(db, 60)
    await watcher.look()
    assert await touch_call(db, call_id=call_id, user_id="maya")  # its next heartbeat
    clock.now += 7
    await watcher.look()
    assert rooms.said == []


async def test_a_watcher_that_has_just_started_brings_an_agent_where_none_speaks_up(db: Database) -> None:
    _, _, rooms = await open_room(db, CALLER, AGENT)
    clock = Clock()
    watcher = CallWatcher(db, rooms, clock=clock)
    await silent_for(db, 60)
    await watcher.look()
    clock.now += 7
    await watcher.look()
    assert [said[0] for said in rooms.said] == ["remove", "dispatch"]


async def test_a_media_server_that_is_away_closes_nothing(db: Database) -> None:
    call_id, _, rooms = await open_room(db, CALLER)
    rooms.away = True
    await silent_for(db, 300)
    with pytest.raises(MediaServerError):
        await long_watching(db, rooms).look()
    assert (await get_any_call(db, call_id)).ended_at is None


async def test_one_room_that_does_not_answer_keeps_no_other_call_waiting(db: Database) -> None:
    _, broken, rooms = await open_room(db, CALLER)
    rooms.broken.add(broken)
    others = {}
    for person in ("leo", "ada"):
        room = (await get_any_call(db, await make_call(db, person))).room_name
        rooms.present[room] = [Participant(person, is_agent=False)]
        others[room] = person
    await silent_for(db, 6)
    await long_watching(db, rooms).look()
    assert {said[:2] for said in rooms.said} == {("dispatch", room) for room in others}


async def test_an_agent_that_could_not_be_asked_for_is_asked_for_at_the_next_look(db: Database) -> None:
    _, room, rooms = await open_room(db, CALLER)
    rooms.refusals = 1
    watcher = long_watching(db, rooms)
    await silent_for(db, 6)
    with pytest.raises(MediaServerError):
        await watcher.look()
    await watcher.look()
    await watcher.look()
    assert [said[:2] for said in rooms.said] == [("dispatch", room)]  # and once only
