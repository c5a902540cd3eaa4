"""A chat context into the responder's own view of the turn: the one place that knows how LiveKit keeps a talk."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from livekit.agents import llm

from insta_voice.agent.responder.memory import Memory
from insta_voice.agent.responder.turn import Company, PastTurn, ToolResult, TurnView


@dataclass(slots=True)
class _Exchange:
    """What the caller said and everything after it, up to their next words."""

    message: llm.ChatMessage | None  # None: before the caller's first words
    spoken: list[str] = field(default_factory=list)
    interrupted: bool = False
    results: list[ToolResult] = field(default_factory=list)
    evidence: tuple[Any, ...] | None = None

    @property
    def heard(self) -> str:
        return (self.message.text_content or "") if self.message is not None else ""


def view_of(
    chat_ctx: llm.ChatContext, tools: Sequence[llm.Tool], company: Company, memory: Memory
) -> tuple[TurnView, str | None]:
    """The turn to decide, and the id of the caller's message it answers (None before they have said anything)."""
    exchanges = _exchanges(chat_ctx)
    now = exchanges[-1]
    past = tuple(_past(exchange, memory) for exchange in exchanges[:-1])
    if past and past[0] == PastTurn(""):
        past = past[1:]
    turn = TurnView(
        heard=now.heard,
        company=company,
        evidence=now.evidence,
        past=past,
        results=tuple(now.results),
        tools=frozenset(llm.ToolContext(list(tools)).function_tools),
        recognition_confidence=now.message.transcript_confidence if now.message is not None else None,
    )
    return turn, now.message.id if now.message is not None else None


def _exchanges(chat_ctx: llm.ChatContext) -> list[_Exchange]:
    exchanges = [_Exchange(None)]
    for item in chat_ctx.items:
        if item.type == "message" and item.role == "user":
            exchanges.append(_Exchange(item))
        elif item.type == "message" and item.role == "assistant":
            exchanges[-1].spoken.append(item.text_content or "")
            exchanges[-1].interrupted = item.interrupted
        elif item.type == "message" and "evidence" in item.extra:
            # What follows the caller's words was found for them; evidence of another turn must never answer this one.
            exchanges[-1].evidence = tuple(item.extra["evidence"])
        elif item.type == "function_call_output":
            exchanges[-1].results.append(ToolResult(item.name, item.output, item.is_error))
            exchanges[-1].spoken.clear()  # what was said into the wait for it answers nothing
    return exchanges


def _past(exchange: _Exchange, memory: Memory) -> PastTurn:
    said = memory.recall(exchange.message.id) if exchange.message is not None else None
    spoken = " ".join(text for text in exchange.spoken if text)
    unheard = said is not None and not spoken  # cut off before its first word
    return replace(PastTurn(exchange.heard, said, spoken), interrupted=exchange.interrupted or unheard)
