"""The signed-in person: who they are here, their own calls, and what they say of them afterwards."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from insta_voice.api.problem import declared
from insta_voice.api.services import CurrentProfile, CurrentServices
from insta_voice.calls import MAX_COMMENT_CHARACTERS, get_call, list_calls, rate_call
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
    email_verified: bool
    name: str | None
    plan: str = Field(examples=["team"])
    role: Literal["customer", "support", "admin"]


class RatingOut(_OfRecord):
    """What the caller said of a call afterwards."""

    solved: bool
    comment: str | None
    rated_at: datetime


class RatingIn(BaseModel):
    """Whether the call solved it, and a word if they like."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"solved": True, "comment": "Quick."}]}
    )

    solved: bool
    comment: str | None = Field(None, max_length=MAX_COMMENT_CHARACTERS)


class _Outline(_OfRecord):
    """What a line in a list and a whole call both tell."""

    call_id: UUID
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    summary: str | None
    open_question: str | None
    solved: bool | None
    rating: RatingOut | None


class CallLine(_Outline):
    """One call in a list; `turns` is how many there are. Summary fields are null until the call has been summed up."""

    turns: int


class CallList(BaseModel):
    """Calls, newest first."""

    calls: list[CallLine]


class SourceOut(_OfRecord):
    """Where a sentence of an answer comes from: `quote` is the sentence of the article, `heading` what it stands under,
    `version` which text of the article it was.
    """

    article_id: str
    title: str
    url: str
    quote: str
    heading: str
    version: int


class TurnOut(_OfRecord):
    """What was said, what of it was heard, and how long its parts took: it was the caller who waited. `mind` is who
    thought of it: a model by its name, `grounded` for the one without a model, `app` for what the app says itself,
    empty for the caller.
    """

    number: int
    speaker: Literal["caller", "assistant", "staff"]
    text: str
    heard: str
    interrupted: bool
    sources: list[SourceOut]
    timings_ms: dict[str, float]
    mind: str = Field(examples=["gpt-realtime"])
    started_at: datetime


class TicketOut(_OfRecord):
    """What was left for a person."""

    ticket_id: UUID
    subject: str
    status: Literal["open", "delivered"]
    created_at: datetime


class CallOut(_Outline):
    """A whole call, as its caller may read it. `prompt_version` tells calls apart that the assistant held with other
    instructions; null where no assistant came, or none noted it yet. `language` is the one it was asked for in.
    """

    turns: list[TurnOut]
    ticket: TicketOut | None
    prompt_version: str | None = Field(examples=["1dfe57ab1bc9"])
    language: str | None = Field(examples=["de"])


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
    return CallOut.model_validate(await get_call(services.db, profile.user_id, own_call_id(call_id)))


@router.put(
    "/calls/{call_id}/rating",
    operation_id="rateMyCall",
    summary="Say whether a call solved it",
    responses=declared(401, 403, 404, 413, 422, 503),
)
async def rate_my_call(services: CurrentServices, profile: CurrentProfile, call_id: str, rating: RatingIn) -> RatingOut:
    """Said again, it replaces what was said before."""
    said = await rate_call(
        services.db,
        user_id=profile.user_id,
        call_id=own_call_id(call_id),
        solved=rating.solved,
        comment=rating.comment,
    )
    return RatingOut.model_validate(said)


def own_call_id(text: str) -> UUID:
    """The id in a path; NotFoundError for what is none, as for a call there is not."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError from None
