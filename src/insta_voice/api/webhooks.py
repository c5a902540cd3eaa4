"""What the call server reports, verified before it is parsed. Reports come twice, late and out of order."""

from contextlib import suppress
from typing import TypedDict
from uuid import UUID

from fastapi import APIRouter, Request, Response

from insta_voice.api.problem import declared
from insta_voice.api.services import CurrentServices
from insta_voice.auth.livekit import RoomEvent, Rooms, verify_webhook
from insta_voice.calls import close_call, free_line, open_call
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError, AuthenticationError, NotFoundError

router = APIRouter(prefix="/api/livekit", tags=["call server"])


@router.post(
    "/webhook",
    operation_id="receiveCallServerEvent",
    summary="A report of the call server, signed with its API secret",
    status_code=204,
    responses=declared(401, 413, 422, 503),
    openapi_extra={"requestBody": {"content": {"application/webhook+json": {"schema": {"type": "object"}}}}},
)
async def receive_event(services: CurrentServices, request: Request) -> Response:
    """Reports about rooms that are not ours change nothing; a report seen before changes nothing either."""
    body = await request.body()
    signature = request.headers.get("authorization")
    if not signature:
        raise AuthenticationError("This webhook is not signed by this installation's call server.")
    await apply(services.db, services.rooms, verify_webhook(services.settings.livekit, body, signature))
    return Response(status_code=204)


class _Ids(TypedDict):
    call_id: UUID
    user_id: str


async def apply(db: Database, rooms: Rooms, event: RoomEvent) -> None:
    """Bring the record to where the event says it is. Any order of a call's events ends in one closed call.

    When a caller hangs up their line is free; the agent writes its last turn and then ends the call itself. So a
    departure ends the call here only where no agent is there to do it. One whose connection was lost may come back.
    """
    if event.call_id is None or event.user_id is None:
        return
    ids = _Ids(call_id=event.call_id, user_id=event.user_id)
    if event.kind == "participant_joined" and event.is_about_the_caller:
        await _open(db, **ids)
    elif event.kind == "participant_left" and event.is_about_the_caller and event.hung_up:
        present = await rooms.participants(event.room_name)
        if event.participant in present:
            return
        await _open(db, **ids)
        if any(participant.is_agent for participant in present):
            await free_line(db, **ids)  # an agent that came too late to see them learns it from its next heartbeat
        else:
            await close_call(db, **ids, reason="caller_left")
            await rooms.delete(event.room_name)
    elif event.kind == "room_finished":
        await _open(db, **ids)
        await close_call(db, **ids, reason="closed")


async def _open(db: Database, *, call_id: UUID, user_id: str) -> None:
    """Also before an end: had the end overtaken the arrival, the arrival would open the call for good."""
    with suppress(NotFoundError, AccountDisabledError):  # not ours, ended, or not allowed: nothing to open
        await open_call(db, call_id=call_id, user_id=user_id)
