"""The shapes of a call's record. Times are aware UTC datetimes; durations are in milliseconds where the name says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID, uuid4

from insta_voice.costs import NOTHING, Spending

Speaker = Literal["caller", "assistant", "staff"]
Way = Literal["webhook", "mail"]


@dataclass(frozen=True, slots=True)
class Reservation:
    """The right to one call in one room until `expires_at`; `reused` when an unused one was given again."""

    call_id: UUID
    room_name: str
    expires_at: datetime
    reused: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A running call as its agent needs it. `resumed` when turns exist: an earlier agent was here.

    `allowed_s` is the longest it may be: LIMIT_CALL_MINUTES, or what was left of the caller's minutes of the day when
    the call was reserved, if that is less. `left_s` is what is left of it, by the database's clock alone. `left_usd` is
    what is left of the budgets, None without one.
    """

    id: UUID
    user_id: str
    room_name: str
    allowed_s: float
    left_s: float
    next_turn_number: int
    resumed: bool
    left_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A passage an answer was taken from; `quote` is the sentence itself. `index` names the embedding model whose
    vectors it was found with, or "words".
    """

    article_id: str
    title: str
    url: str
    quote: str
    heading: str = ""
    version: int = 1
    index: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """A question that the articles were asked, in the caller's words; `query` has the question before it too, where it
    hangs on that. `confidence`, 0 to 1, says how sure it was that they answer it, `answerable` whether that was enough;
    `index` as in Source, "" where nothing was found.
    """

    question: str
    query: str
    confidence: float
    answerable: bool
    index: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One finished turn. `text` is all that was to be said or was recognised, `heard` what reached the caller's ear
    (for a caller: the same). `mind` names what thought of it ("grounded", "app", "gpt-realtime"), `kind` what it was
    ("greeting", "answer", "filler", "question", …). `unsupported` are sentences of a language model that nothing it was
    given says: left out of `text`, broken off after their first clause, or said and taken back.

    `searches` are the questions that it was to answer from the articles, `spending` is what it used of the models.
    `key` makes the same turn written twice one turn. `number` is what its writer takes to be the next; the record gives
    a later one when somebody else's turns came first.
    """

    number: int
    speaker: Speaker
    text: str
    heard: str
    started_at: datetime
    ended_at: datetime
    interrupted: bool = False
    sources: tuple[Source, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    mind: str = ""
    kind: str = ""
    unsupported: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()
    spending: Spending = NOTHING
    key: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a caller left for a person. `key` makes the same wish said twice one ticket.

    `delivered_by` are the ways that have brought it, `delivered_at` is there when all that were set have.
    """

    ticket_id: UUID
    call_id: UUID
    user_id: str
    key: str
    subject: str
    briefing: str
    created_at: datetime
    delivered_at: datetime | None
    delivered_by: tuple[Way, ...] = ()

    @property
    def status(self) -> Literal["open", "delivered"]:
        """Whether it has reached the support team."""
        return "delivered" if self.delivered_at else "open"


@dataclass(frozen=True, slots=True)
class Rating:
    """What the caller said of a call afterwards."""

    solved: bool
    comment: str | None
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class CallEntry:
    """A line of a list of calls; `turns` is how many there are."""

    call_id: UUID
    user_id: str
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    summary: str | None
    open_question: str | None
    solved: bool | None
    turns: int
    rating: Rating | None


@dataclass(frozen=True, slots=True)
class CallDetail:
    """A whole call. `ticket` is the newest one it left, `spending` what all of it used and cost, `prompt_version` what
    its mind was told and the app said; None from before that was noted, and without an agent. `language` is the code
    of the one it was asked for in, None where nobody said.
    """

    call_id: UUID
    user_id: str
    room_name: str
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    summary: str | None
    open_question: str | None
    solved: bool | None
    turns: tuple[Turn, ...]
    ticket: Ticket | None
    rating: Rating | None
    spending: Spending
    prompt_version: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class CallRef:
    """A call or a reservation without a living agent; `silent_s` since its agent, or it, was last heard of."""

    call_id: UUID
    user_id: str
    room_name: str
    opened: bool
    silent_s: float
    language: str | None = None
