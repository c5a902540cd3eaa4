"""Erasure: of one call, or of everything about a person.

A person's erasure is written down before anything is deleted, with a job that carries it out, and goes in small
steps: killed anywhere, the job finishes it. What stays says when and how many calls, not whose. The agent of a running
call learns of it with its next heartbeat and ends the call with a reason; a job ends the room where no agent does.
"""

from typing import Final, Literal
from uuid import UUID

from insta_voice.db import Connection, Database, Queries
from insta_voice.db.outbox import enqueue
from insta_voice.errors import NotFoundError

RequestedBy = Literal["person", "operator"]

ROOM_ENDS_AFTER_S: Final = 15  # the agent looks every 2 s and says why; this is for a room without one
_CALLS_A_STEP: Final = 50  # a transaction of some 10 ms each

_QUERIES = Queries.load("insta_voice.privacy", "queries.sql")


async def erase_call(db: Database, *, user_id: str, call_id: UUID) -> None:
    """Delete a call of `user_id` with its turns, summary, rating and tickets; NotFoundError for another's.

    One that runs is ended.
    """
    async with db.as_service() as connection:
        values = {"user_id": user_id, "call_id": call_id}
        call = await (await connection.execute(_QUERIES["find_call"], values)).fetchone()
        if call is None:
            raise NotFoundError
        await connection.execute(_QUERIES["delete_call"], values)
        if call["running"]:
            await _end_room(connection, call["room_name"])


async def erase_person(db: Database, *, user_id: str, requested_by: RequestedBy) -> bool:
    """Delete everything about `user_id` before this returns; false for someone without a profile."""
    erasure_id = await request_erasure(db, user_id=user_id, requested_by=requested_by)
    if erasure_id is None:
        return False
    await carry_out_erasure(db, erasure_id)
    return True


async def erase_address(db: Database, email: str) -> int:
    """Delete everyone with this e-mail address, verified or not, and what the company said of it; how many had signed
    in. NotFoundError when nobody has it.
    """
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["lock_people"])
        found = await (await connection.execute(_QUERIES["find_address"], {"email": email})).fetchall()
        erasures = [await _request(connection, person["user_id"], "operator") for person in found]
        forgotten = (await connection.execute(_QUERIES["forget_address"], {"email": email})).rowcount
        if not found:
            if not forgotten:
                raise NotFoundError
            await connection.execute(_QUERIES["note_erasure"])
    for erasure_id in erasures:
        await carry_out_erasure(db, erasure_id)
    return len(found)


async def request_erasure(db: Database, *, user_id: str, requested_by: RequestedBy) -> UUID | None:
    """Write down that `user_id` is to be erased and lock them out; a job does the rest. None without a profile.

    Asked again before it is done, it is the same erasure.
    """
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["lock_people"])
        if await (await connection.execute(_QUERIES["find_profile"], {"user_id": user_id})).fetchone() is None:
            return None
        return await _request(connection, user_id, requested_by)


async def _request(connection: Connection, user_id: str, requested_by: RequestedBy) -> UUID:
    values = {"user_id": user_id, "requested_by": requested_by}
    await connection.execute(_QUERIES["lock_out"], values)
    await connection.execute(_QUERIES["forget_known_person"], values)
    erasure = await (await connection.execute(_QUERIES["request_erasure"], values)).fetchone()
    assert erasure is not None
    erasure_id: UUID = erasure["erasure_id"]
    for room in await (await connection.execute(_QUERIES["open_rooms"], values)).fetchall():
        await _end_room(connection, room["room_name"])
    await enqueue(connection, "erase_person", lock=f"erasure:{erasure_id}", erasure_id=str(erasure_id))
    return erasure_id


async def carry_out_erasure(db: Database, erasure_id: UUID) -> None:
    """Do what is left of an erasure. Done already, or by two at once, it is done once."""
    values = {"erasure_id": erasure_id, "limit": _CALLS_A_STEP}
    while await _step(db, values):
        pass
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["delete_profile"], values)
        await connection.execute(_QUERIES["finish_erasure"], values)


async def _step(db: Database, values: dict[str, object]) -> bool:
    """Delete some calls and count them, in one transaction; false when none are left."""
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["lock_erasure"], values)
        gone = await (await connection.execute(_QUERIES["delete_some_calls"], values)).fetchone()
        assert gone is not None
        await connection.execute(_QUERIES["count_erased"], {**values, "calls": gone["calls"]})
    return bool(gone["rights"])


async def _end_room(connection: Connection, room_name: str) -> None:
    await enqueue(connection, "end_room", after_s=ROOM_ENDS_AFTER_S, room_name=room_name)
