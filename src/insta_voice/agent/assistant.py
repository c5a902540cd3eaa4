"""The agent of a call: hears through the turn engine, gathers evidence before it thinks, and notes what it cites."""

import logging
import time
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from typing import Any

from livekit import rtc
from livekit.agents import Agent, APIError, ModelSettings, llm, stt

from insta_voice.agent.defects import whereabouts
from insta_voice.agent.evidence import Found, as_material
from insta_voice.agent.listener import Listener
from insta_voice.agent.prompts import NO_EVIDENCE, instructions
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.record.sources import best_sources
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.speech.bridge import bridged
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.agent.thinking import Thinking
from insta_voice.agent.tools import TOOLS

log = logging.getLogger(__name__)


class Assistant(Agent):
    """One per call. Retrieval runs once per turn, before the mind. A realtime model does not pass through here: it
    reaches the articles through the tool `answer_from_company_kb`."""

    def __init__(
        self,
        state: CallState,
        journal: Journal,
        speech: Speech,
        said_before: llm.ChatContext | None = None,
        stand_ins: Sequence[llm.LLM[Any]] = (),
    ) -> None:
        """`said_before`: with an earlier agent of this call. `stand_ins` answer when the session's model does not."""
        company = state.settings.company.company_name
        super().__init__(instructions=instructions(company), tools=TOOLS, chat_ctx=said_before)
        self._state = state
        self._journal = journal
        self._speech = speech
        self._stand_ins = stand_ins
        self._thinking: Thinking | None = None  # the session has its model once it has started
        state.consulted = journal.consulted
        self.listener: Listener | None = None

    async def stt_node(
        self, audio: AsyncIterable[rtc.AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterator[stt.SpeechEvent]:
        assert self.listener is not None, "the call is put together before its session starts"
        async for event in self.listener.listen(audio):
            yield event

    async def tts_node(self, text: AsyncIterable[str], model_settings: ModelSettings) -> AsyncIterator[rtc.AudioFrame]:
        spoken = Agent.default.tts_node(self, text, model_settings)
        async for frame in bridged(spoken, self._speech.filler, self._speech.voice_away):
            yield frame

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncIterator[llm.ChatChunk | str]:
        reply = self._journal.reply
        assert reply is not None, "the session announces a speech before it generates it"
        try:
            async for chunk in self._answer(reply, chat_ctx, tools, model_settings):
                yield chunk
        except Exception as error:  # a provider that is away, or a defect: the caller hears either way
            if isinstance(error, APIError):
                log.warning("the mind failed: %s", type(error).__name__)
            else:
                log.error("a defect between question and answer: %s", whereabouts(error))
            yield await self._apology(reply, "mind_away")

    async def _answer(
        self, reply: Reply, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncIterator[llm.ChatChunk | str]:
        question = _last_of_caller(chat_ctx)
        reply.question = (question.text_content or "") if question else ""
        found = await self._state.evidence.for_turn(question.id, reply.question) if question else None
        if found is not None:
            reply.timings_ms.setdefault("retrieval_ms", found.took_ms)
            if found.error is not None:
                log.warning("no evidence for this turn: %s %s", found.error.code, found.error.detail)
        # A copy: the evidence of this turn must not become the context of the next.
        context = _with_evidence(chat_ctx, found)
        started = time.perf_counter()
        async for mind, chunk in self._minds().answer(context, tools, model_settings):
            if text := _text(chunk):
                reply.timings_ms.setdefault("mind_ms", round((time.perf_counter() - started) * 1000, 1))
                if reply.mind != mind.model:
                    reply.mind = mind.model
                    await self._begins(reply, mind, found)
                reply.add(text)
            yield chunk

    def _minds(self) -> Thinking:
        if self._thinking is None:
            model = self.session.llm
            assert isinstance(model, llm.LLM), "a realtime model does not pass through here"
            self._thinking = Thinking([model, *self._stand_ins], lambda: self._speech.apology("again"))
        return self._thinking

    async def _begins(self, reply: Reply, mind: llm.LLM[Any], found: Found | None) -> None:
        """The words of `mind` begin, for the first time in this reply or in the place of another's."""
        if found is not None and found.error is None and not isinstance(mind, GroundedResponder):
            reply.cite(best_sources(found.evidence))  # a language model does not say what it used
        await self._journal.words_begin(reply)

    async def _apology(self, reply: Reply, name: str) -> str:
        """An honest sentence in the place of an answer, or of the rest of one: never silence."""
        begun = bool(reply.text)
        reply.kind = "apology"
        if not begun:
            reply.mind, reply.sources = "app", ()
            await self._journal.words_begin(reply)
        text = self._speech.apology(name)
        reply.add(f" {text}" if begun else text)
        return f" {text}" if begun else text


def _last_of_caller(chat_ctx: llm.ChatContext) -> llm.ChatMessage | None:
    return next((item for item in reversed(chat_ctx.items) if item.type == "message" and item.role == "user"), None)


def _with_evidence(chat_ctx: llm.ChatContext, found: Found | None) -> llm.ChatContext:
    """`extra["evidence"]` is what the grounded responder reads; the text is what a language model reads."""
    context = chat_ctx.copy()
    if found is None:
        return context
    if found.error is not None:
        context.add_message(role="system", content=NO_EVIDENCE)
        return context
    message = context.add_message(role="system", content=as_material(found.evidence))
    message.extra["evidence"] = found.evidence
    return context


def _text(chunk: object) -> str:
    if isinstance(chunk, str):
        return chunk
    if isinstance(chunk, llm.ChatChunk) and chunk.delta is not None:
        return chunk.delta.content or ""
    return ""
