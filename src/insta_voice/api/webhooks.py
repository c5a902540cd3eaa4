"""What the call server reports, verified before it is parsed. Reports come twice, late and out of order."""

from contextlib import suppress
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from insta_voice.api.problem import declared
from insta_voice.api.services import CurrentServices
from insta_voice.auth.livekit import RoomEvent, verify_webhook
from insta_voice.calls import close_call, open_call
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError, AuthenticationError, NotFoundError

router = APIRouter(prefix="/api/livekit", tags=["call server"])

MAX_BODY_BYTES: Final = 256 * 1024  # an event holds a room and a participant: a few kilobytes


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
    body = await _bounded_body(request)
    signature = request.headers.get("authorization")
    if not signature:
        raise AuthenticationError("This webhook is not signed by this installation's call server.")
    await apply(services.db, verify_webhook(services.settings.livekit, body, signature))
    return Response(status_code=204)


async def _bounded_body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413)
    return bytes(body)


async def apply(db: Database, event: RoomEvent) -> None:
    """Bring the record to where the event says it is. Any order of a call's events ends in one closed call.

    A caller whose connection was lost may come back to the room until LiveKit closes it, so only a deliberate
    departure ends the call at once; a caller who was replaced by their own second connection is still there.
    """
    if event.call_id is None or event.user_id is None:
        return
    reason = _end_reason(event)
    if reason is None and not (event.kind == "participant_joined" and event.is_about_the_caller):
        return
    # Also before an end: had it overtaken the arrival, the arrival would open the call for good.
    with suppress(NotFoundError, AccountDisabledError):  # not ours, ended, or not allowed: nothing to open
        await open_call(db, call_id=event.call_id, user_id=event.user_id)
    if reason:
        await close_call(db, call_id=event.call_id, user_id=event.user_id, reason=reason)


def _end_reason(event: RoomEvent) -> str | None:
    if event.kind == "room_finished":
        return "room_closed"
    if event.kind == "participant_left" and event.is_about_the_caller:
        return {"hung_up": "caller_hung_up", "removed": "caller_removed"}.get(event.left_because or "")
    return None
