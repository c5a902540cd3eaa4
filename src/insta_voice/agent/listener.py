"""Between the room's audio and the session: runs the turn engine, and tells the session what it found."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing

from livekit import rtc
from livekit.agents import AgentSession, ErrorEvent, LanguageCode, llm, stt, vad
from livekit.agents.voice import SpeechCreatedEvent, SpeechHandle

from insta_voice.agent.ahead import Ahead
from insta_voice.agent.asking import Asking
from insta_voice.agent.last_resort import LastResort
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.agent.turns.ports import (
    BargeIn,
    CallerTurns,
    Ended,
    EndOfTurnModel,
    Expected,
    Heard,
    Held,
    Released,
    Resumed,
    Stalled,
    Unheard,
)
from insta_voice.agent.turns.voice_activity import windows

log = logging.getLogger(__name__)


class Listener:
    """One per call: hears the caller, and turns what it hears into committed turns and interruptions."""

    def __init__(
        self,
        session: AgentSession[CallState],
        turns: CallerTurns,
        end_of_turn: EndOfTurnModel,
        voice_activity: vad.VAD,
        journal: Journal,
        speech: Speech,
        asking: Asking,
        ahead: Ahead,
        on_activity: Callable[[], None] = lambda: None,
    ) -> None:
        self._session = session
        self._turns = turns
        self._end_of_turn = end_of_turn
        self._vad = voice_activity
        self._journal = journal
        self._speech = speech
        self._asking = asking
        self._ahead = ahead
        self._on_activity = on_activity
        self.last_resort = LastResort()
        self._committing: set[asyncio.Task[None]] = set()
        self._reply_asked = False
        self._reply: SpeechHandle | None = None
        turns.reply_pending = self.reply_pending
        session.on("speech_created", self._speech_created)
        session.on("error", _forgive)

    async def listen(self, audio: AsyncIterable[rtc.AudioFrame]) -> AsyncGenerator[stt.SpeechEvent, None]:
        """The session's stt node: transcripts for the page, each final one followed by its commit."""
        # Each closed here: what is left to the garbage collector goes on hearing until it is found.
        async with aclosing(windows(audio, self._vad)) as heard, aclosing(self._turns.events(heard)) as events:
            async for event in events:
                self._on_activity()
                match event:
                    case Heard(text):
                        yield self._transcript(stt.SpeechEventType.INTERIM_TRANSCRIPT, text)
                    case Expected():
                        self._ahead.expect(event)
                    case Held():
                        self._hold()
                    case Released():
                        self._go_on()
                    case BargeIn() | Resumed():
                        self._silence()
                    case Unheard(error):
                        if error is not None:
                            log.warning("recognition failed: %s", type(error).__name__)
                            if self.last_resort.failed("ears"):
                                continue
                        self._speech.not_heard()
                    case Stalled(times):
                        log.warning("recognition is late, for the %d. time", times + 1)
                        self._speech.stalled(times)
                    case Ended(text, fragment, confidence, timings):
                        self.last_resort.worked("ears")
                        timings_ms = {**timings, **self._ahead.turn_over()}
                        self._journal.caller_said(fragment, kind="question", timings_ms=timings_ms)
                        yield self._transcript(stt.SpeechEventType.FINAL_TRANSCRIPT, text, confidence)
                        self._commit(text)

    async def aclose(self) -> None:
        for task in self._committing:
            task.cancel()
        await self._ahead.aclose()
        await self._end_of_turn.aclose()

    def _hold(self) -> None:
        speech, voice = self._session.current_speech, self._session.output.audio
        if speech is not None and speech.allow_interruptions and voice is not None:
            voice.pause()

    def _go_on(self, _: object = None) -> None:
        if (voice := self._session.output.audio) is not None:
            voice.resume()

    def _silence(self) -> None:
        self._asking.withdraw()
        speech = self._session.current_speech
        try:
            self._session.interrupt()
        except RuntimeError:
            log.debug("what is being said is said to its end")
            speech = None
        if speech is None:
            self._go_on()
        else:
            speech.add_done_callback(self._go_on)  # not before: what was held would be heard

    def _speech_created(self, event: SpeechCreatedEvent) -> None:
        """The first reply after a commit answers the spoken turn; what is typed has replies of its own."""
        if self._reply_asked and event.source == "generate_reply":
            self._reply_asked, self._reply = False, event.speech_handle

    def reply_pending(self) -> bool:
        """Whether the answer to the last spoken turn is still to come, or to be heard to its end."""
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

    def _transcript(self, kind: stt.SpeechEventType, text: str, confidence: float | None = None) -> stt.SpeechEvent:
        # LiveKit has no word for a recogniser that does not judge itself, as OpenAI's: 0 says that it heard nothing.
        sure = 1.0 if confidence is None else confidence
        language = LanguageCode(self._session.userdata.language.code)
        words = stt.SpeechData(language=language, text=text, confidence=sure)
        return stt.SpeechEvent(type=kind, alternatives=[words])


def _forgive(event: ErrorEvent) -> None:
    """The engine says what could not be heard, and the assistant what could not be thought. The session would count
    every guess that failed, several a sentence, and end at the fourth.
    """
    if isinstance(event.error, stt.STTError | llm.LLMError):
        event.error.recoverable = True
