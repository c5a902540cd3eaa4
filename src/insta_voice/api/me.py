"""The signed-in person: who they are here, and their own calls."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from insta_voice.api.problem import declared
from insta_voice.api.services import CurrentProfile, CurrentServices
from insta_voice.calls import get_call, list_calls
from insta_voice.errors import NotFoundError

router = APIRouter(prefix="/api/me", tags=["me"])


class _OfRecord(BaseModel):
    """Read from a record by name. The fields are written out again: what is added to a record stays inside until it is
    named here, and what the page may rely on does not change with it.
    """

    model_config = ConfigDict(from_attributes=True)


class Me(_OfRecord):
    """The profile, as far as the page shows it."""

    user_id: str
    email: str | None
    name: str | None
    plan: str = Field(examples=["team"])
    role: Literal["customer", "support", "admin"]


class _Outline(_OfRecord):
    """What a line in a list and a whole call both tell."""

    call_id: UUID
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    summary: str | None
    open_question: str | None
    solved: bool | None


class CallLine(_Outline):
    """One call in a list; `turns` is how many there are. Summary fields are null until the call has been summed up."""

    turns: int


class CallList(BaseModel):
    """Calls, newest first."""

    calls: list[CallLine]


class SourceOut(_OfRecord):
    """Where a sentence of an answer comes from; `quote` is the sentence of the article."""

    article_id: str
    title: str
    url: str
    quote: str
    heading: str


class TurnOut(_OfRecord):
    """What was said, what of it was heard, and how long its parts took: it was the caller who waited."""

    number: int
    speaker: Literal["caller", "assistant", "staff"]
    text: str
    heard: str
    interrupted: bool
    sources: list[SourceOut]
    timings_ms: dict[str, float]
    started_at: datetime


class TicketOut(_OfRecord):
    """What was left for a person."""

    ticket_id: UUID
    subject: str
    status: Literal["open", "delivered"]
    created_at: datetime


class CallOut(_Outline):
    """A whole call, as its caller may read it."""

    turns: list[TurnOut]
    ticket: TicketOut | None


@router.get("", operation_id="readMe", summary="Who is signed in", responses=declared(401, 403, 503))
async def read_me(profile: CurrentProfile) -> Me:
    """The profile of the token's holder, made on first sight."""
    return Me.model_validate(profile)


@router.get("/calls", operation_id="listMyCalls", summary="The caller's own calls", responses=declared(401, 403, 503))
async def list_my_calls(services: CurrentServices, profile: CurrentProfile) -> CallList:
    """The last fifty, newest first."""
    return CallList(calls=[CallLine.model_validate(call) for call in await list_calls(services.db, profile.user_id)])


@router.get(
    "/calls/{call_id}",
    operation_id="readMyCall",
    summary="One of the caller's own calls",
    responses=declared(401, 403, 404, 503),
)
async def read_my_call(services: CurrentServices, profile: CurrentProfile, call_id: str) -> CallOut:
    """404 for another's call just as for none."""
    try:
        wanted = UUID(call_id)
    except ValueError:
        raise NotFoundError from None
    return CallOut.model_validate(await get_call(services.db, profile.user_id, wanted))
