"""What each job does. All of them may run twice, or be killed midway and run again: the effect is that of one."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from insta_voice.auth.livekit import Rooms
from insta_voice.calls import (
    close_call,
    get_any_call,
    get_ticket,
    last_said_at,
    let_go_of_reservations,
    mark_delivered,
    mark_gone,
    overdue_calls,
    summarize,
    ways_to_deliver,
)
from insta_voice.calls import deliver_ticket as deliver
from insta_voice.customers import save_interaction_summary
from insta_voice.db import Database
from insta_voice.db.outbox import enqueue
from insta_voice.errors import DeliveryError, EmbeddingError, InstaVoiceError, NotFoundError
from insta_voice.knowledge import Embedders, gaps
from insta_voice.knowledge import keep_indexes as keep
from insta_voice.knowledge.web import Visitor, claim_due_source, refresh
from insta_voice.privacy import carry_out_erasure, forget_old_calls, forget_spent_minutes
from insta_voice.settings import Settings

log = logging.getLogger(__name__)

# Nobody's agent is silent this long and comes back; long enough for a database that was away to be told again.
_LOST_AFTER = timedelta(minutes=10)
_CALL_GRACE = timedelta(minutes=2)  # the agent says goodbye at the limit itself; this ends what did not
_RESERVATION_GRACE = timedelta(minutes=2)  # open_call allows one
_INDEXES_FOR_S = 45.0  # of the minute until it is asked for again: a stopped worker's job is soon another's
_ROOM_ENDS_AFTER_S = 15  # an agent that lives learns of the end with its next heartbeat, and says goodbye


async def summarize_call(db: Database, call_id: UUID) -> None:
    """Write a closed call's summary, unless the assistant has saved one after which the caller said goodbye at most.

    A call that was deleted meanwhile needs none.
    """
    try:
        call = await get_any_call(db, call_id)
    except NotFoundError:
        return
    draft = summarize(call.turns, [call.ticket] if call.ticket else [])
    await save_interaction_summary(
        call.user_id,
        draft.summary,
        call_id=call_id,
        topics=draft.topics,
        open_question=draft.open_question,
        solved=draft.solved,
        unless_saved_since=last_said_at(call.turns) or call.started_at,
        db=db,
    )


async def find_gaps(db: Database, settings: Settings, embedders: Embedders | None, call_id: UUID) -> None:
    """Group what was asked in vain in a closed call. A worker without a model leaves it to one that looks for calls
    nobody has done this for (left_undone.py).
    """
    if embedders is not None:
        await gaps.find_gaps(db, embedders, call_id, language=settings.company.language.code)


async def deliver_ticket(db: Database, settings: Settings, ticket_id: UUID) -> None:
    """Bring a ticket to the team, once by each way that is set: a way that fails holds up and repeats no other.

    Where nothing is set up for that, it stays in `insta-voice tickets`; one that was deleted meanwhile goes nowhere.
    """
    try:
        ticket = await get_ticket(db, ticket_id)
    except NotFoundError:
        return
    ways = ways_to_deliver(settings)
    if ticket.delivered_at is not None or not ways:
        return
    failures = []
    for way in ways:
        if way in ticket.delivered_by:
            continue
        try:
            await deliver(settings, ticket, way)
        except DeliveryError as error:
            failures.append(error)
        else:
            await mark_gone(db, ticket_id, way)
    if failures:
        raise DeliveryError(detail="; ".join(failure.detail for failure in failures))
    await mark_delivered(db, ticket_id)
    log.info("ticket %s delivered", ticket_id)


async def close_stale_calls(db: Database) -> None:
    """End calls nobody ended: longer than they may be, or without an agent for so long that none will come.

    The end of the room is on the queue before the call is closed: a closed call is not looked at again, and whoever is
    still in its room would stay there alone.
    """
    await let_go_of_reservations(db, grace=_RESERVATION_GRACE)
    for call_id, room_name in await overdue_calls(db, grace=_CALL_GRACE, silent_for=_LOST_AFTER):
        async with db.as_service() as connection:
            await enqueue(connection, "end_room", after_s=_ROOM_ENDS_AFTER_S, room_name=room_name)
        if await close_call(db, call_id=call_id, reason="overdue"):
            log.warning("call %s was overdue and is closed", call_id)


async def erase_person(db: Database, erasure_id: UUID) -> None:
    """Finish an erasure that was begun, wherever whoever began it was interrupted."""
    await carry_out_erasure(db, erasure_id)
    log.info("erasure %s is done", erasure_id)


async def end_room(rooms: Rooms | None, room_name: str) -> None:
    """End the room of a call that was deleted or overdue. Its agent has told the caller by now; there may be none."""
    if rooms is not None:
        await rooms.delete(room_name)


async def obey_retention(db: Database, settings: Settings, now: datetime) -> None:
    """Delete what is older than RETENTION_DAYS at `now`, and what the day's limits no longer need."""
    await forget_spent_minutes(db, now=now)
    if (keep := settings.privacy.retention) is None:
        return
    if forgotten := await forget_old_calls(db, now=now, keep=keep):
        log.info("%d calls were older than %d days and are deleted", forgotten, keep.days)


async def keep_indexes(db: Database, embedders: Embedders | None) -> None:
    """Fill and change the articles' indexes. A worker without a model leaves it to others; a model that is away is
    asked again a minute later.
    """
    if embedders is not None:
        await keep(db, embedders, for_s=_INDEXES_FOR_S)


async def refresh_sources(db: Database, embedders: Embedders | None, visitor: Visitor) -> None:
    """Read every source of the web that is due, one after the other. What cannot be now is due again later. When one
    has brought something new, or may have before it failed, the open gaps are asked.
    """
    brings_answers = False
    try:
        while embedders is not None and (due := await claim_due_source(db)) is not None:
            try:
                report = await refresh(db, embedders, due, visitor)
            except InstaVoiceError as error:
                brings_answers = True
                log.warning("a source was not read: %s %s", error.code, error.detail)
            except Exception:  # a defect of ours that one site brings to light is to keep no other from being read
                brings_answers = True
                log.exception("a source was not read")
            else:
                brings_answers = brings_answers or report.brings_answers
                changed = report.added + report.changed + report.removed
                log.info("a source was read: %d articles changed, %d pages failed", changed, len(report.failed))
    finally:
        if brings_answers:
            async with db.as_service() as connection:
                await enqueue(connection, "close_answered_gaps", lock="close_answered_gaps")


async def close_answered_gaps(db: Database, embedders: Embedders | None, now: datetime) -> None:
    """Ask the open gaps again, and close those that are answered now. A worker without a model leaves it to the next
    attempt, which may be another's.
    """
    if embedders is None:
        raise EmbeddingError(detail="this worker has no model")
    asked = closed = 0
    try:
        async for _, checked in gaps.close_answered(db, embedders, now=now):
            asked += 1
            closed += checked.closed
    finally:
        log.info("open gaps asked again: %d; answered now, and closed: %d", asked, closed)
