"""Between the room's audio and the session: runs the turn engine, and tells the session what it found."""

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator, Callable

from livekit import rtc
from livekit.agents import AgentSession, LanguageCode, stt, vad
from livekit.agents.voice import SpeechCreatedEvent, SpeechHandle

from insta_voice.agent.asking import Asking
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.agent.turns.engine import TurnEngine
from insta_voice.agent.turns.ports import BargeIn, Ended, EndOfTurnModel, Heard, Resumed, Stalled, Unheard
from insta_voice.agent.turns.voice_activity import windows

log = logging.getLogger(__name__)


class Listener:
    """One per call: hears the caller, and turns what it hears into committed turns and interruptions."""

    def __init__(
        self,
        session: AgentSession[CallState],
        engine: TurnEngine,
        end_of_turn: EndOfTurnModel,
        voice_activity: vad.VAD,
        journal: Journal,
        speech: Speech,
        asking: Asking,
        on_activity: Callable[[], None] = lambda: None,
    ) -> None:
        self._session = session
        self._engine = engine
        self._end_of_turn = end_of_turn
        self._vad = voice_activity
        self._journal = journal
        self._speech = speech
        self._asking = asking
        self._on_activity = on_activity
        self._committing: set[asyncio.Task[None]] = set()
        self._reply_asked = False
        self._reply: SpeechHandle | None = None
        engine.reply_pending = self._reply_pending
        session.on("speech_created", self._speech_created)

    async def listen(self, audio: AsyncIterable[rtc.AudioFrame]) -> AsyncIterator[stt.SpeechEvent]:
        """The session's stt node: transcripts for the page, each final one followed by its commit."""
        async for event in self._engine.events(windows(audio, self._vad)):
            self._on_activity()
            match event:
                case Heard(text):
                    yield _transcript(stt.SpeechEventType.INTERIM_TRANSCRIPT, text)
                case BargeIn() | Resumed():
                    self._silence()
                case Unheard(error):
                    if error is not None:
                        log.warning("recognition failed: %s", type(error).__name__)
                    self._speech.not_heard()
                case Stalled(times):
                    log.warning("recognition is late, for the %d. time", times + 1)
                    self._speech.stalled(times)
                case Ended(text, fragment, confidence, timings):
                    self._journal.caller_said(fragment, kind="question", timings_ms=timings)
                    yield _transcript(stt.SpeechEventType.FINAL_TRANSCRIPT, text, confidence)
                    self._commit(text)

    async def aclose(self) -> None:
        for task in self._committing:
            task.cancel()
        await self._end_of_turn.aclose()

    def _silence(self) -> None:
        self._asking.withdraw()
        try:
            self._session.interrupt()
        except RuntimeError:
            log.debug("what is being said is said to its end")

    def _speech_created(self, event: SpeechCreatedEvent) -> None:
        """The first reply after a commit answers the spoken turn; what is typed has replies of its own."""
        if self._reply_asked and event.source == "generate_reply":
            self._reply_asked, self._reply = False, event.speech_handle

    def _reply_pending(self) -> bool:
        return bool(self._committing) or (self._reply is not None and not self._reply.done())

    def _commit(self, text: str) -> None:
        task = asyncio.create_task(self._commit_turn(text), name="commit-turn")
        self._committing.add(task)
        task.add_done_callback(self._committing.discard)

    async def _commit_turn(self, text: str) -> None:
        await self._asking.until_interruptible()
        self._reply_asked = True
        if not await self._asking.spoken(text):
            self._reply_asked = False


def _transcript(kind: stt.SpeechEventType, text: str, confidence: float | None = None) -> stt.SpeechEvent:
    # LiveKit has no word for a recogniser that does not judge itself, as OpenAI's: 0 would say that it heard nothing.
    sure = 1.0 if confidence is None else confidence
    words = stt.SpeechData(language=LanguageCode("en"), text=text, confidence=sure)
    return stt.SpeechEvent(type=kind, alternatives=[words])
