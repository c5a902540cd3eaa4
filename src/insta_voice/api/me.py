"""The signed-in person: who they are here, and their own calls."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from insta_voice.api.problem import declared
from insta_voice.api.services import CurrentProfile, CurrentServices
from insta_voice.calls import CallDetail, CallEntry, Turn, get_call, list_calls
from insta_voice.errors import NotFoundError

router = APIRouter(prefix="/api/me", tags=["me"])


class Me(BaseModel):
    """The profile, as far as the page shows it."""

    user_id: str
    email: str | None
    name: str | None
    plan: str = Field(examples=["team"])
    role: Literal["customer", "support", "admin"]


class CallLine(BaseModel):
    """One call in a list; `turns` is how many there are. Summary fields are null until the call has been summed up."""

    call_id: UUID
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    summary: str | None
    open_question: str | None
    solved: bool | None
    turns: int

    @classmethod
    def of(cls, call: CallEntry) -> "CallLine":
        """The line of a recorded call."""
        return cls(**{name: getattr(call, name) for name in cls.model_fields})


class CallList(BaseModel):
    """Calls, newest first."""

    calls: list[CallLine]


class SourceOut(BaseModel):
    """Where a sentence of an answer comes from; `quote` is the sentence of the article."""

    article_id: str
    title: str
    url: str
    quote: str
    heading: str


class TurnOut(BaseModel):
    """What was said, and what of it was heard."""

    number: int
    speaker: Literal["caller", "assistant", "staff"]
    text: str
    heard: str
    interrupted: bool
    sources: list[SourceOut]
    timings_ms: dict[str, float]
    started_at: datetime

    @classmethod
    def of(cls, turn: Turn) -> "TurnOut":
        """The turn with how long its parts took: it was the caller who waited."""
        sources = [
            SourceOut(**{name: getattr(source, name) for name in SourceOut.model_fields}) for source in turn.sources
        ]
        own = {name: getattr(turn, name) for name in cls.model_fields if name not in ("sources", "timings_ms")}
        return cls(**own, sources=sources, timings_ms=dict(turn.timings_ms))


class TicketOut(BaseModel):
    """What was left for a person."""

    ticket_id: UUID
    subject: str
    status: Literal["open", "delivered"]
    created_at: datetime


class CallOut(BaseModel):
    """A whole call."""

    call_id: UUID
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    summary: str | None
    open_question: str | None
    solved: bool | None
    turns: list[TurnOut]
    ticket: TicketOut | None

    @classmethod
    def of(cls, call: CallDetail) -> "CallOut":
        """The call as its caller may read it."""
        own = {name: getattr(call, name) for name in cls.model_fields if name not in ("turns", "ticket")}
        ticket = call.ticket and TicketOut(
            ticket_id=call.ticket.ticket_id,
            subject=call.ticket.subject,
            status="delivered" if call.ticket.delivered_at else "open",
            created_at=call.ticket.created_at,
        )
        return cls(**own, turns=[TurnOut.of(turn) for turn in call.turns], ticket=ticket)


@router.get("", operation_id="readMe", summary="Who is signed in", responses=declared(401, 403, 503))
async def read_me(profile: CurrentProfile) -> Me:
    """The profile of the token's holder, made on first sight."""
    return Me(**{name: getattr(profile, name) for name in Me.model_fields})


@router.get("/calls", operation_id="listMyCalls", summary="The caller's own calls", responses=declared(401, 403, 503))
async def list_my_calls(services: CurrentServices, profile: CurrentProfile) -> CallList:
    """The last fifty, newest first."""
    return CallList(calls=[CallLine.of(call) for call in await list_calls(services.db, profile.user_id)])


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
    return CallOut.of(await get_call(services.db, profile.user_id, wanted))
