"""The agent of a call: hears through the turn engine, gathers evidence before it thinks, and notes what it cites."""

import logging
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

from livekit import rtc
from livekit.agents import NOT_GIVEN, Agent, APIError, ModelSettings, llm, stt
from livekit.agents.types import TimedString

from insta_voice.agent.answers_ahead import AnswersAhead
from insta_voice.agent.defects import whereabouts
from insta_voice.agent.evidence import Found, with_evidence
from insta_voice.agent.grounding import Checked, material_of
from insta_voice.agent.last_resort import LastResort
from insta_voice.agent.listener import Listener
from insta_voice.agent.prompts import SERVER_TURNS, instructions
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.record.stand_in import APP
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.server_turns import ServerTurns
from insta_voice.agent.speech.bridge import SILENT_AT_MOST_S, bridged
from insta_voice.agent.speech.meanwhile import with_word
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.agent.thinking import Thinking
from insta_voice.agent.tools import TOOLS
from insta_voice.clock import loop_time_s
from insta_voice.voice.breaker import Breakers
from insta_voice.voice.fallback import timely
from insta_voice.voice.fallback.tts import NEXT_SOUND_WITHIN_S

log = logging.getLogger(__name__)

# Who takes over late in a silence has its first word ready sooner than "one moment" is said, but for one that is far
# away itself.
_LEAST_PATIENCE_S = 1.0


class Assistant(Agent):
    """One per call. Retrieval runs once per turn, before the mind: for a language model here, for a realtime model in
    `asking`.
    """

    def __init__(
        self,
        state: CallState,
        journal: Journal,
        speech: Speech,
        said_before: llm.ChatContext | None = None,
        *,
        minds: Sequence[llm.LLM[Any]] = (),
        meter: Meter | None = None,
        breakers: Breakers | None = None,
        server_turns: ServerTurns | None = None,
    ) -> None:
        """`said_before`: with an earlier agent of this call. `minds` answer, the first that can, by what `breakers`
        know of them; without them the session's model does. `meter` counts what a realtime model uses;
        `server_turns`: its server decides turns.
        """
        told = instructions(state.settings.company.company_name, language=state.language)
        super().__init__(
            instructions=f"{told}\n\n{SERVER_TURNS}" if server_turns else told,
            tools=TOOLS,
            chat_ctx=said_before,
            llm=minds[0] if minds else NOT_GIVEN,
            stt=None if server_turns else NOT_GIVEN,
            turn_handling={"turn_detection": "realtime_llm"} if server_turns else NOT_GIVEN,
        )
        self._server_turns = server_turns
        self._state = state
        self._journal = journal
        self._speech = speech
        self._minds = minds
        self._meter = meter
        self._breakers = breakers
        self._thinking: Thinking | None = None  # the session has its model once it has started
        self.realtime_stalled: Callable[[Reply], None] = lambda reply: None
        self.entered: Callable[[], None] = lambda: None
        self.owes_answer = False  # to what the caller said last, when it takes over from another agent
        self._owed: Reply | None = None  # that answer
        state.consulted, state.account_read = journal.consulted, journal.account_read
        state.tool_slow = speech.tool_slow
        self.listener: Listener | None = None
        self.answers_ahead: AnswersAhead | None = None
        self.last_resort = LastResort()

    async def on_enter(self) -> None:
        self.entered()
        # A realtime model reports through its connection, which is there only now.
        if self._meter is not None and isinstance(self.session.llm, llm.RealtimeModel) and not self._minds:
            self._meter.listen_to(self.realtime_llm_session)
        if self._server_turns is not None:
            self._server_turns.listen_to(self.realtime_llm_session)
        if self.owes_answer:
            self.session.generate_reply(input_modality="audio")
            self._owed = self._journal.reply

    async def stt_node(
        self, audio: AsyncIterable[rtc.AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterator[stt.SpeechEvent]:
        assert self.listener is not None, "the call is put together before its session starts"
        async with aclosing(self.listener.listen(audio)) as events:
            async for event in events:
                yield event

    async def tts_node(self, text: AsyncIterable[str], model_settings: ModelSettings) -> AsyncIterator[rtc.AudioFrame]:
        spoken = Agent.default.tts_node(self, text, model_settings)
        first_s = self._patience_s(self._journal.reply)
        away = False

        def apology() -> list[rtc.AudioFrame] | None:
            nonlocal away
            away = True
            return None if self.last_resort.failed("voice") else self._speech.voice_away()

        async for frame in bridged(spoken, self._speech.filler, apology, first_s=first_s):
            yield frame
        if not away:
            self.last_resort.worked("voice")

    async def realtime_audio_output_node(
        self, audio: AsyncIterable[rtc.AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterator[rtc.AudioFrame]:
        reply = self._journal.reply
        assert reply is not None, "the session announces a speech before it generates it"
        try:
            # Another agent would cut what is still to be heard: it is waited for.
            within_s = NEXT_SOUND_WITHIN_S
            in_time = timely(audio, first_s=within_s, next_s=within_s, lasts_s=lambda frame: frame.duration)
            async for frame in in_time:
                await self._journal.realtime_begins(reply)
                yield frame
        except APIError:
            self.realtime_stalled(reply)

    async def transcription_node(
        self, text: AsyncIterable[str | TimedString], model_settings: ModelSettings
    ) -> AsyncIterator[str | TimedString]:
        reply = self._journal.reply
        async for words in Agent.default.transcription_node(self, text, model_settings):
            if reply is not None and self._journal.realtime_model:
                reply.text += words  # no llm node has seen them
            yield words

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncIterator[llm.ChatChunk | str]:
        reply = self._journal.reply
        assert reply is not None, "the session announces a speech before it generates it"
        answer = self._answer(reply, chat_ctx, tools, model_settings)
        try:
            # The voice is asked with the first word, and its own filler waits for that too.
            async for chunk in with_word(answer, self._patience_s(reply), lambda: self._moment(reply)):
                yield chunk
            self.last_resort.worked("mind")
        except Exception as error:  # a provider that is away, or a defect: the caller hears either way
            if isinstance(error, APIError):
                log.warning("the mind failed: %s", type(error).__name__)
            else:
                log.error("a defect between question and answer: %s", whereabouts(error))
            if not self.last_resort.failed("mind", error):
                yield await self._apology(reply, "mind_away")

    async def _answer(
        self, reply: Reply, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncGenerator[llm.ChatChunk | str, None]:
        question = _last_of_caller(chat_ctx)
        reply.question = (question.text_content or "") if question else ""
        found = await self._state.evidence.for_turn(question.id, reply.question) if question else None
        if found is not None:
            reply.timings_ms.setdefault("retrieval_ms", found.took_ms)
            reply.searched(found.evidence)
            if found.error is not None:
                log.warning("no evidence for this turn: %s %s", found.error.code, found.error.detail)
        # A copy: the evidence of this turn must not become the context of the next.
        context = with_evidence(chat_ctx, found)
        started = time.perf_counter()
        checked = Checked(lambda: material_of(self._state, chat_ctx.items), self._trusts)
        gave_up = False
        try:
            async for mind, chunk in checked.passing(self._think().answer(context, tools, model_settings)):
                if text := _text(chunk):
                    reply.timings_ms.setdefault("mind_ms", round((time.perf_counter() - started) * 1000, 1))
                    if reply.mind != mind.model:
                        reply.mind = mind.model
                        await self._begins(reply, mind, found)
                    reply.add(text)
                if chunk:
                    yield chunk
                if checked.broke_off and not (gave_up or checked.calls_tools):
                    gave_up = True
                    yield await self._does_not_know(reply, begun=True)
        finally:
            reply.unsupported = (*reply.unsupported, *checked.left_out)
        if checked.left_out:
            log.warning("%d sentences that nothing supports were left out", len(checked.left_out))
            if not (checked.passed or checked.calls_tools):
                yield await self._does_not_know(reply, begun=False)

    def _trusts(self, mind: llm.LLM[Any]) -> bool:
        """The grounded responder says nothing but what it was given."""
        return isinstance(mind, GroundedResponder) or not self._state.checks_answers

    def _think(self) -> Thinking:
        if self._thinking is None:
            model = self._minds[0] if self._minds else self.session.llm
            assert isinstance(model, llm.LLM), "a realtime model does not pass through here"
            minds, again = self._minds or [model], self._speech.apology
            self._thinking = Thinking(minds, lambda: again("again"), self._breakers, self.answers_ahead)
        return self._thinking

    def _patience_s(self, reply: Reply | None) -> float:
        """How much longer the caller waits for something to hear: what they have waited for this answer counts."""
        if reply is None or reply.handle.done() or "first_audio_ms" in reply.timings_ms:
            return SILENT_AT_MOST_S[0]
        far_away = reply is self._owed and not isinstance(self._minds[0], GroundedResponder)
        waited_s = loop_time_s() - reply.asked_at
        return max(0.0 if far_away else _LEAST_PATIENCE_S, SILENT_AT_MOST_S[0] - waited_s)

    async def _begins(self, reply: Reply, mind: llm.LLM[Any], found: Found | None) -> None:
        """The words of `mind` begin, for the first time in this reply or in the place of another's."""
        if found is not None and found.error is None and not isinstance(mind, GroundedResponder):
            reply.cite(found.evidence)  # a language model does not say what it used
        await self._journal.words_begin(reply)

    async def _does_not_know(self, reply: Reply, *, begun: bool) -> str:
        """In the place of an answer of which nothing was left, or where it was `begun` with its first clause."""
        reply.kind = "unknown"
        if not begun:
            reply.mind, reply.sources = APP, ()
            await self._journal.words_begin(reply)
        text = self._speech.apology("not_supported" if self._state.can_deliver_tickets else "not_supported_contact")
        reply.add(text)
        return text

    async def _moment(self, reply: Reply) -> str:
        """What the caller hears in the place of a first word that is late."""
        log.info("the mind is late")
        reply.mind = APP
        await self._journal.words_begin(reply)
        text = f"{self._speech.apology('moment')} "
        reply.add(text)
        return text

    async def _apology(self, reply: Reply, name: str) -> str:
        """An honest sentence in the place of an answer, or of the rest of one: never silence."""
        begun = bool(reply.text)
        reply.kind = "apology"
        if not begun:
            reply.mind, reply.sources = APP, ()
            await self._journal.words_begin(reply)
        text = self._speech.apology(name)
        if begun and not reply.text.endswith(" "):
            text = f" {text}"
        reply.add(text)
        return text


def _last_of_caller(chat_ctx: llm.ChatContext) -> llm.ChatMessage | None:
    return next((item for item in reversed(chat_ctx.items) if item.type == "message" and item.role == "user"), None)


def _text(chunk: object) -> str:
    if isinstance(chunk, str):
        return chunk
    if isinstance(chunk, llm.ChatChunk) and chunk.delta is not None:
        return chunk.delta.content or ""
    return ""
