"""Thinking while the caller speaks: what the turn will need is made ready from the words that are known so far.

For each guess of what the turn will say, the evidence. Where the grounded responder answers, what it would say to that,
its first clause as sound; where a language model may be asked ahead, its answer, once the caller pauses. A guess that
comes true finds all of it there; the others are let go. Nothing here has an effect: the caller's account may be read,
but no tool runs, and nothing is said, shown, written or remembered.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from livekit.agents import ToolError, llm

from insta_voice.agent.answers_ahead import AnswersAhead
from insta_voice.agent.defects import whereabouts
from insta_voice.agent.evidence import TurnEvidence, with_evidence
from insta_voice.agent.responder.model import GroundedResponder, pieces
from insta_voice.agent.responder.turn import Call, Decision, Say
from insta_voice.agent.turns.ports import Expected
from insta_voice.voice.local.tts import LocalTTS

log = logging.getLogger(__name__)

_ACCOUNT = "get_user_account_info"


class Ahead:
    """One per call."""

    def __init__(
        self,
        evidence: TurnEvidence,
        chat_ctx: Callable[[], llm.ChatContext],
        tools: list[llm.Tool],
        responder: GroundedResponder | None = None,
        voice: LocalTTS | None = None,
        account: Callable[[], Awaitable[str]] | None = None,
        answers: AnswersAhead | None = None,
        *,
        thinks: bool = True,
    ) -> None:
        """`chat_ctx`: the conversation so far, with `tools` for its mind. `account`: what the tool would tell of the
        caller's account. Without a `responder` and its `voice`, and without the `answers` of a language model, only the
        evidence is made ready, and nothing where it does not think.
        """
        self._evidence = evidence
        self._chat_ctx = chat_ctx
        self._tools = tools
        self._responder = responder
        self._voice = voice
        self._account = account
        self._answers = answers
        self._thinks = thinks
        self._working: asyncio.Task[None] | None = None
        self._waiting: Expected | None = None
        self._last = ("", False)
        self._searches = self._clauses = self._asked = 0

    def expect(self, turn: Expected) -> None:
        """The turn may say this: what it needs is made ready, after what is under way; the newest guess counts."""
        if not self._thinks or turn.text == "" or (turn.text, turn.paused) == self._last:
            return
        self._last, self._waiting = (turn.text, turn.paused), turn
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work(), name="think-ahead")

    def turn_over(self) -> dict[str, float]:
        """How many searches, first clauses and answers were made ready for the turn that ends."""
        made = {"searches_ahead": self._searches, "clauses_ahead": self._clauses}
        if self._answers is not None:
            made["answers_ahead"] = self._asked
        self._last, self._waiting = ("", False), None
        self._searches = self._clauses = self._asked = 0
        return {name: float(count) for name, count in made.items()}

    async def aclose(self) -> None:
        """The call is over."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)
        if self._answers is not None:
            await self._answers.aclose()
        self._evidence.forget_foreseen()

    async def _work(self) -> None:
        while (turn := self._waiting) is not None:
            self._waiting = None
            try:
                await self._make_ready(turn)
            except Exception as error:  # the turn finds nothing ready, and does it all again
                log.error("a defect in what was made ready: %s", whereabouts(error))

    async def _make_ready(self, turn: Expected) -> None:
        self._searches += not self._evidence.is_foreseen(turn.text)
        found = await self._evidence.foresee(turn.text)
        if self._waiting is not None or self._last[0] != turn.text:  # they went on, or the turn is over
            return
        context = self._chat_ctx().copy()
        context.insert(llm.ChatMessage(role="user", content=[turn.text], transcript_confidence=turn.confidence))
        context = with_evidence(context, found)
        if self._answers is not None and turn.paused:
            self._asked += self._answers.prepare(context, self._tools)
        if self._responder is None or self._voice is None:
            return
        decision = await self._decision(self._responder, context)
        if isinstance(decision, Say) and self._voice.prepare(pieces(decision.text)):
            self._clauses += 1

    async def _decision(self, responder: GroundedResponder, context: llm.ChatContext) -> Decision:
        decision = responder.foresee(context, self._tools)
        if not isinstance(decision, Call) or decision.tool != _ACCOUNT or self._account is None:
            return decision
        try:
            told, failed = await self._account(), False
        except ToolError as error:
            told, failed = error.message, True
        context.insert(llm.FunctionCallOutput(name=_ACCOUNT, call_id="ahead", output=told, is_error=failed))
        return responder.foresee(context, self._tools)
