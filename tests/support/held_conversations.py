"""Conversations that were held, made in a line."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from insta_voice.calls import CallDetail, Source, Turn
from insta_voice.costs import NOTHING
from insta_voice.evals.held import Exchange, Held, HeldCall
from insta_voice.evals.scenario import Answer, Call, Line, Scenario

QUESTION = "How do I reset my password?"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SUMMARY = ("interaction_summaries", "the call's")
CALL_ID = UUID("00000000-0000-4000-8000-000000000001")


def answered(text: str = "Choose “Forgot password”.", *titles: str, **changes: Any) -> Turn:
    sources = tuple(Source("a-1", title, "/help/a-1", text) for title in titles)
    fields = {"mind": "grounded", "kind": "answer", "sources": sources, **changes}
    return Turn(2, "assistant", text, text, NOON, NOON, **fields)


def record(*turns: Turn, **changes: Any) -> CallDetail:
    fields: dict[str, Any] = {
        "call_id": CALL_ID,
        "user_id": "eval",
        "room_name": "room",
        "started_at": NOON,
        "ended_at": NOON,
        "end_reason": "goodbye",
        "summary": "Asked.",
        "open_question": None,
        "solved": True,
        "ticket": None,
        "rating": None,
        "spending": NOTHING,
        "prompt_version": None,
        "language": None,
    }
    return CallDetail(turns=turns, **{**fields, **changes})


def held(turn: Turn, answer: dict[str, Any] | None = None, *, scenario: Any = None, **changes: Any) -> Held:
    """One call in which `turn` answers QUESTION; `changes` are those of the call, its `script` and `record` too."""
    line = Line(say=QUESTION, answer=Answer.model_validate(answer or {}))
    script = Call.model_validate({"opening": line, **changes.pop("script", {})})
    asked = Turn(1, "caller", QUESTION, QUESTION, NOON, NOON, key=uuid4())
    fields = {"broke": "", "record": record(asked, turn), **changes}
    call = HeldCall(script, "grounded", "Hello, I am an AI.", (Exchange(line, (asked, turn)),), **fields)
    made = {"name": "one", "about": "a", "persona": "b", "caller": {}, "calls": [script], **(scenario or {})}
    return Held(Scenario.model_validate(made), (call,), after=Counter([SUMMARY]))
