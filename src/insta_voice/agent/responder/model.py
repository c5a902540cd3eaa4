"""The responder as a LiveKit model: what any session, fallback or test can use in the place of a language model."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from livekit.agents import llm, utils
from livekit.agents.types import (
    DEFAULT_API_CONNECT_OPTIONS,
    NOT_GIVEN,
    APIConnectOptions,
    NotGivenOr,
)

from insta_voice.agent.responder.decide import decide
from insta_voice.agent.responder.memory import Memory
from insta_voice.agent.responder.small_talk import greeting
from insta_voice.agent.responder.turn import Call, Company, Decision, Say
from insta_voice.agent.responder.view import view_of

# The first clause goes out alone, so that the voice can start on it: 85 ms of synthesis instead of a sentence's.
_FIRST_CLAUSE = re.compile(r"^.{12,}?[,:;.!?](?=\s)", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?])(?=\s)")


class GroundedResponder(llm.LLM[Any]):
    """Answers from the evidence in the chat context and nothing else; needs neither network nor weights.

    Evidence is read from the last message of the turn with `extra["evidence"]` (a tuple of
    `insta_voice.knowledge.Evidence`). `on_decision` hears each decision before its first word or tool call: its
    `citations` are the sentences about to be spoken. One instance may serve many calls.
    """

    def __init__(
        self,
        company_name: str,
        support_contact: str,
        can_deliver_tickets: bool,
        answer_confidence: float,
        on_decision: Callable[[Decision], None] | None = None,
    ) -> None:
        super().__init__()
        self._company = Company(company_name, support_contact, can_deliver_tickets, answer_confidence)
        self._memory = Memory()
        self.on_decision = on_decision

    @property
    def model(self) -> str:
        return "grounded"

    @property
    def provider(self) -> str:
        return "insta-voice"

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        parallel_tool_calls: NotGivenOr[bool] = NOT_GIVEN,
        tool_choice: NotGivenOr[llm.ToolChoice] = NOT_GIVEN,
        extra_kwargs: NotGivenOr[dict[str, Any]] = NOT_GIVEN,
    ) -> llm.LLMStream:
        """Decides the turn and streams it; `tool_choice="none"` is obeyed, other choices mean "auto"."""
        usable = [] if tool_choice == "none" else tools or []
        return _Stream(self, chat_ctx=chat_ctx, tools=usable, conn_options=conn_options)

    def decide(self, chat_ctx: llm.ChatContext, tools: list[llm.Tool]) -> Decision:
        """The decision for the turn at the end of `chat_ctx`, remembered for the turns after it."""
        decision, message_id = self._decide(chat_ctx, tools)
        if isinstance(decision, Say) and message_id is not None:
            self.remember(message_id, decision)
        if self.on_decision is not None:
            self.on_decision(decision)
        return decision

    def foresee(self, chat_ctx: llm.ChatContext, tools: list[llm.Tool]) -> Decision:
        """What `decide` would decide; nothing comes of it."""
        return self._decide(chat_ctx, tools)[0]

    def _decide(self, chat_ctx: llm.ChatContext, tools: list[llm.Tool]) -> tuple[Decision, str | None]:
        turn, message_id = view_of(chat_ctx, tools, self._company, self._memory)
        return decide(turn) if message_id is not None else greeting(turn), message_id

    def remember(self, message_id: str, said: Say) -> None:
        """That this was said to the caller's message: here, or by an earlier agent of the call."""
        self._memory.remember(message_id, said)


class _Stream(llm.LLMStream):
    async def _run(self) -> None:
        assert isinstance(self._llm, GroundedResponder)
        decision = self._llm.decide(self._chat_ctx, self._tools)
        answer_id = utils.shortuuid("grounded_")
        for delta in _deltas(decision):
            self._event_ch.send_nowait(llm.ChatChunk(id=answer_id, delta=delta))


def _deltas(decision: Decision) -> Iterator[llm.ChoiceDelta]:
    if isinstance(decision, Call):
        call = llm.FunctionToolCall(
            name=decision.tool, arguments=json.dumps(dict(decision.arguments)), call_id=utils.shortuuid("call_")
        )
        yield llm.ChoiceDelta(role="assistant", tool_calls=[call])
        return
    for piece in pieces(decision.text):
        yield llm.ChoiceDelta(role="assistant", content=piece)


def pieces(text: str) -> list[str]:
    """`text` in the order it is to be synthesised: its first clause, then sentence by sentence; joined it is `text`."""
    first = _FIRST_CLAUSE.match(text)
    if first is None:
        return [text] if text else []
    rest = text[first.end() :]
    return [first[0], *(piece for piece in _SENTENCE_END.split(rest) if piece)]
