"""What is stored about the signed-in person: all of it to take along, a call or everything deleted."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from insta_voice.api.me import RatingOut, SourceOut, own_call_id
from insta_voice.api.problem import declared
from insta_voice.api.services import CurrentProfile, CurrentServices
from insta_voice.auth.emulated import erase_own_account
from insta_voice.auth.limits import take_export_request
from insta_voice.privacy import erase_call, erase_person, export_person

router = APIRouter(prefix="/api/me", tags=["my data"])


class StoredProfile(BaseModel):
    """The profile, whole. `known_as` is the address by which the company knows the person."""

    user_id: str
    email: str | None
    email_verified: bool
    name: str | None
    plan: str
    role: Literal["customer", "support", "admin"]
    disabled: bool
    known_as: str | None
    created_at: datetime
    last_seen_at: datetime


class StoredKnownPerson(BaseModel):
    """What the company said of the person's address, before or after they first signed in."""

    email: str
    name: str | None
    plan: str | None
    role: Literal["customer", "support", "admin"] | None
    account_facts: dict[str, Any]
    disabled: bool
    created_at: datetime
    updated_at: datetime


class StoredSource(SourceOut):
    """With which model's vectors it was found, besides."""

    index: str = ""


class StoredSearch(BaseModel):
    """A question that the articles were asked; `query` is what was searched for it, `confidence` how sure it was that
    they answer it, `answerable` whether that was enough.
    """

    question: str
    query: str
    confidence: float
    answerable: bool
    index: str


class StoredInVain(BaseModel):
    """Which of the turn's searches, counted from 0, was in vain, and why."""

    part: int
    causes: list[Literal["no_answer", "not_solved", "person", "repeated"]]


class StoredTurn(BaseModel):
    """A turn with all that is kept of it. `mind` names what thought of it, `kind` what it was; `unsupported` are the
    sentences that were left out, broken off or taken back, `searches` what the articles were asked; `key` is how the
    same turn is recognised.
    """

    number: int
    key: UUID
    speaker: Literal["caller", "assistant", "staff"]
    text: str
    heard: str
    interrupted: bool
    sources: list[StoredSource]
    timings_ms: dict[str, float]
    mind: str
    kind: str
    unsupported: list[str]
    searches: list[StoredSearch]
    in_vain: list[StoredInVain]
    started_at: datetime
    ended_at: datetime
    recorded_at: datetime


class StoredTicket(BaseModel):
    """What was left for a person; `key` is how the same wish is recognised."""

    ticket_id: UUID
    key: str
    subject: str
    briefing: str
    status: Literal["open", "delivered"]
    created_at: datetime
    delivered_at: datetime | None
    delivered_by: list[Literal["webhook", "mail"]]


class StoredReservation(BaseModel):
    """The right to one call; `allowed_s` is the longest it could be, `language` what it was asked for in."""

    room_name: str
    given_at: datetime
    expires_at: datetime
    settled_at: datetime | None
    agent_asked_at: datetime | None
    allowed_s: float
    language: str | None


class StoredUnusedReservation(StoredReservation):
    """One that nobody joined with."""

    call_id: UUID
    created_at: datetime


class StoredCall(StoredReservation):
    """A call with everything said in it and about it. `gaps_found_at` is when it was looked at for what was asked in
    vain; `deleted_at` is when retention takes it, null while it runs or when calls are kept.
    """

    call_id: UUID
    reserved_at: datetime
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    caller_left_at: datetime | None
    agent_seen_at: datetime
    gaps_found_at: datetime | None
    prompt_version: str | None
    deleted_at: datetime | None
    summary: str | None
    topics: list[str] | None
    open_question: str | None
    solved: bool | None
    summarized_at: datetime | None
    summary_updated_at: datetime | None
    rating: RatingOut | None
    turns: list[StoredTurn]
    tickets: list[StoredTicket]


class StoredSummary(BaseModel):
    """What was remembered outside a call."""

    summary: str
    topics: list[str]
    open_question: str | None
    solved: bool | None
    created_at: datetime
    updated_at: datetime


class StoredData(BaseModel):
    """Everything that is stored about a person. `retention_days` is 0 where calls are kept."""

    exported_at: datetime
    retention_days: int = Field(examples=[90])
    profile: StoredProfile
    account_facts: dict[str, Any]
    known_people: list[StoredKnownPerson]
    calls: list[StoredCall]
    summaries: list[StoredSummary]
    reservations: list[StoredUnusedReservation]


@router.get(
    "/data",
    operation_id="exportMyData",
    summary="Everything stored about the caller",
    responses=declared(401, 403, 429, 503),
)
async def export_my_data(services: CurrentServices, profile: CurrentProfile, response: Response) -> StoredData:
    """As a file to keep."""
    await take_export_request(services.db, services.settings, user_id=profile.user_id)
    privacy = services.settings.privacy
    stored = await export_person(services.db, profile.user_id, retention=privacy.retention)
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return StoredData.model_validate({**stored, "retention_days": privacy.retention_days})


@router.delete(
    "/calls/{call_id}",
    operation_id="eraseMyCall",
    summary="Delete one of the caller's own calls",
    status_code=204,
    responses=declared(401, 403, 404, 503),
)
async def erase_my_call(services: CurrentServices, profile: CurrentProfile, call_id: str) -> Response:
    """Its turns, summary, rating and tickets go with it; a call that runs is ended."""
    await erase_call(services.db, user_id=profile.user_id, call_id=own_call_id(call_id))
    return Response(status_code=204)


@router.delete(
    "",
    operation_id="eraseMe",
    summary="Delete everything stored about the caller",
    status_code=204,
    responses=declared(401, 403, 503),
)
async def erase_me(services: CurrentServices, profile: CurrentProfile) -> Response:
    """The profile and every call. Once begun it is finished, also when this answer never comes."""
    await erase_own_account(services.settings.firebase, profile.user_id)
    await erase_person(services.db, user_id=profile.user_id, requested_by="person")
    return Response(status_code=204)
