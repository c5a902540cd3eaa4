"""The record of a call: the right to make it, its turns, its end, its summary, what it left for a person.

What is said in a call is decided in `agent`, where it is heard in `voice`; people and what is remembered of them
are in `customers`.
"""

from insta_voice.calls.briefing import brief_call
from insta_voice.calls.delivery import can_deliver, deliver_ticket, ways_to_deliver
from insta_voice.calls.exchanges import last_said_at
from insta_voice.calls.latency import HeardWithin, WaitingPart, WaitingTimes, heard_answers, waiting_times
from insta_voice.calls.models import (
    Call,
    CallDetail,
    CallEntry,
    CallRef,
    Rating,
    Reservation,
    Search,
    Source,
    Speaker,
    Ticket,
    Turn,
    Way,
)
from insta_voice.calls.ratings import MAX_COMMENT_CHARACTERS, rate_call
from insta_voice.calls.reading import get_any_call, get_call, list_all_calls, list_calls
from insta_voice.calls.record import close_call, free_line, may_be_held, open_call, record_turn, touch_call
from insta_voice.calls.reservations import reserve_call
from insta_voice.calls.summary import SummaryDraft, summarize
from insta_voice.calls.tickets import (
    get_ticket,
    list_tickets,
    mark_delivered,
    mark_gone,
    open_ticket,
    undelivered_tickets,
)
from insta_voice.calls.unsupported import Unsupported, UnsupportedSentence, unsupported_sentences
from insta_voice.calls.watching import (
    calls_missing_agent,
    claim_dispatch,
    let_go_of_reservations,
    overdue_calls,
    release_dispatch,
)
from insta_voice.calls.workers import agent_ready, remove_worker, upsert_worker

__all__ = [
    "MAX_COMMENT_CHARACTERS",
    "Call",
    "CallDetail",
    "CallEntry",
    "CallRef",
    "HeardWithin",
    "Rating",
    "Reservation",
    "Search",
    "Source",
    "Speaker",
    "SummaryDraft",
    "Ticket",
    "Turn",
    "Unsupported",
    "UnsupportedSentence",
    "WaitingPart",
    "WaitingTimes",
    "Way",
    "agent_ready",
    "brief_call",
    "calls_missing_agent",
    "can_deliver",
    "claim_dispatch",
    "close_call",
    "deliver_ticket",
    "free_line",
    "get_any_call",
    "get_call",
    "get_ticket",
    "heard_answers",
    "last_said_at",
    "let_go_of_reservations",
    "list_all_calls",
    "list_calls",
    "list_tickets",
    "mark_delivered",
    "mark_gone",
    "may_be_held",
    "open_call",
    "open_ticket",
    "overdue_calls",
    "rate_call",
    "record_turn",
    "release_dispatch",
    "remove_worker",
    "reserve_call",
    "summarize",
    "touch_call",
    "undelivered_tickets",
    "unsupported_sentences",
    "upsert_worker",
    "waiting_times",
    "ways_to_deliver",
]
