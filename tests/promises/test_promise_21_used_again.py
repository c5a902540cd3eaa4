"""Promise 21, tokens used again: what LiveKit lets in costs no agent's process when the call is over.

In a real call: tests/integration/test_abuse_of_calls.py.
"""

import time
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.support.poll import eventually_async
from tests.support.records import LIMITS, TTL, make_user
from tests.support.rooms import ScriptedRooms

from insta_voice.agent.worker.admission import CallAdmission
from insta_voice.agent.worker.places import Places
from insta_voice.auth.livekit import job_metadata
from insta_voice.calls import Reservation, close_call, free_line, open_call, reserve_call
from insta_voice.customers import set_disabled
from insta_voice.db import Database
from insta_voice.errors import MediaServerError
from insta_voice.privacy import erase_call


class Job:
    """What LiveKit asks a worker."""

    id = "job-1"

    def __init__(self, room_name: str, metadata: str) -> None:
        self.room = SimpleNamespace(name=room_name)
        self.job = SimpleNamespace(metadata=metadata)
        self.answer = ""

    async def accept(self, **_: str) -> None:
        self.answer = "taken"

    async def reject(self, *, terminate: bool) -> None:
        self.answer = "over" if terminate else "full"


async def offered(
    db: Database, rooms: ScriptedRooms, reservation: Reservation, *, within_s: float = 20, **changes: Any
) -> str:
    """What becomes of a job for this call; the database has as long as a busy machine needs."""
    asked = {"call_id": reservation.call_id, "user_id": "maya", "room_name": reservation.room_name, **changes}
    job: Any = Job(asked["room_name"], job_metadata(call_id=asked["call_id"], user_id=asked["user_id"]))
    admission = CallAdmission(db, rooms, within_s=within_s, closes_after_s=0)
    places = Places(1, admission=admission)
    await places.accept(job)
    assert places.taken == 0
    if job.answer == "over":

        async def closed() -> bool:
            return ("delete", asked["room_name"], "") in rooms.said

        await eventually_async(closed, within_s=5, what="the room closed")
    await admission.aclose()
    return str(job.answer)


@pytest.fixture
async def reservation(db: Database) -> Reservation:
    return await reserve_call(db, user_id=await make_user(db), limits=LIMITS, ttl=TTL)


async def test_a_call_is_taken_until_it_is_over(db: Database, reservation: Reservation) -> None:
    rooms = ScriptedRooms()
    assert await offered(db, rooms, reservation) == "taken"
    await open_call(db, call_id=reservation.call_id, user_id="maya")
    assert await offered(db, rooms, reservation) == "taken"  # another agent, after the one before was lost
    assert rooms.said == []
    await close_call(db, call_id=reservation.call_id, reason="hung_up")
    assert await offered(db, rooms, reservation) == "over"
    assert rooms.said == [("delete", reservation.room_name, "")]


@pytest.mark.parametrize("end", ["left", "disabled", "erased", "let go"])
async def test_however_it_is_over(db: Database, reservation: Reservation, end: str) -> None:
    call_id = reservation.call_id
    if end != "let go":
        await open_call(db, call_id=call_id, user_id="maya")
    match end:
        case "left":
            await free_line(db, call_id=call_id, user_id="maya")
        case "disabled":
            await set_disabled(db, "maya", True)
        case "erased":
            await erase_call(db, user_id="maya", call_id=call_id)
        case "let go":
            await close_call(db, call_id=call_id, reason="caller_left")
    assert await offered(db, ScriptedRooms(), reservation) == "over"


@pytest.mark.parametrize("change", [{"user_id": "leo"}, {"call_id": uuid4()}, {"room_name": "call-of-another"}])
async def test_a_job_that_belongs_to_no_call_is_none(
    db: Database, reservation: Reservation, change: dict[str, str | UUID]
) -> None:
    await make_user(db, "leo")
    assert await offered(db, ScriptedRooms(), reservation, **change) == "over"


async def test_a_database_that_is_away_turns_no_caller_away(reservation: Reservation) -> None:
    """The call itself asks again, for as long as it takes."""
    async with Database("postgresql://insta@127.0.0.1:9/none", connect_timeout_s=30) as away:
        began = time.monotonic()
        assert await offered(away, ScriptedRooms(), reservation, within_s=0.1) == "taken"
        assert time.monotonic() - began < 10


async def test_a_room_that_cannot_be_closed_holds_up_nothing(db: Database, reservation: Reservation) -> None:
    class Away(ScriptedRooms):
        async def delete(self, room: str) -> bool:
            await super().delete(room)
            raise MediaServerError

    await close_call(db, call_id=reservation.call_id, reason="closed")
    assert await offered(db, Away(), reservation) == "over"
