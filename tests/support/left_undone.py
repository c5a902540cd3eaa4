"""A ticket, an erasure and a call's summary that nobody has brought to an end, as old as a test wants them."""

from uuid import UUID

from tests.support.records import make_call, make_user, turn

from insta_voice.calls import close_call, open_ticket, record_turn
from insta_voice.db import Database
from insta_voice.privacy.erasure import request_erasure


async def leave_undone(db: Database, *, age: str) -> tuple[UUID, UUID, UUID]:
    """Their ids: ticket, erasure, call. Their jobs wait still."""
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    ticket = await open_ticket(db, user_id="maya", call_id=call_id, subject="Call me", briefing="…", key="k")
    await close_call(db, call_id=call_id, reason="hung_up")
    erasure_id = await request_erasure(db, user_id=await make_user(db, "leo"), requested_by="operator")
    assert erasure_id is not None
    async with db.as_service() as connection:
        await connection.execute("update tickets set created_at = now() - %s::interval", [age])
        await connection.execute("update erasures set requested_at = now() - %s::interval", [age])
        await connection.execute("update calls set ended_at = now() - %s::interval", [age])
    return ticket.ticket_id, erasure_id, call_id


async def give_up(db: Database) -> None:
    """Every job has failed for the last time."""
    async with db.as_service() as connection:
        await connection.execute("update procrastinate_jobs set status = 'failed'")
