"""The one place for everything the app itself says: the greeting, "are you there", apologies, the goodbye.

It speaks through the session's own queue, so that two voices never overlap, and only what is authored in `prompts`.
What the mind says does not come through here.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from livekit import rtc
from livekit.agents import NOT_GIVEN, AgentSession
from livekit.agents.types import USERDATA_TIMED_TRANSCRIPT, TimedString
from livekit.agents.voice import SpeechHandle

from insta_voice.agent.record.journal import Journal
from insta_voice.agent.speech.bridge import bridged
from insta_voice.agent.speech.rendering import Rendering
from insta_voice.agent.speech.spare import SpareVoice
from insta_voice.agent.state import CallState

log = logging.getLogger(__name__)

_QUIET_WITHIN_S = 3.0  # an interrupted answer takes a moment to be over; later an apology would only puzzle
_LOOKED_EVERY_S = 0.05

SLOWEST_SPEED = 0.5  # the local voice can do no less
SLOW_SPEED = 0.8  # of the voice's own pace, for the rest of a call in which the caller asked for it


class Speech:
    """One per call. Every method returns at once; the handle tells when it was heard."""

    def __init__(
        self, session: AgentSession[CallState], journal: Journal, state: CallState, spare: SpareVoice | None = None
    ) -> None:
        """`spare`: sentences that were spoken ahead, for when the voice is away."""
        self._spare = spare
        self._session = session
        self._journal = journal
        self._state = state
        journal.voice_away = state.sentence("voice_away")
        self._said: dict[str, int] = {}
        self._apologising: dict[str, asyncio.Task[None]] = {}
        self.caller_speaking: Callable[[], bool] = lambda: False

    def welcome(self, rendered: Rendering) -> SpeechHandle:
        """The first sentence, as rendered ahead; or, while the voice is away, the one that was kept. That one is said
        too when the voice fails in the middle: what the greeting tells of AI and recording is to be heard whole.
        """
        if not rendered.begun and (kept := self._kept_greeting(rendered)):
            text, frames = kept
            return self._say("greeting", text, audio=_each(frames))
        if not rendered.usable:
            return self._say("greeting", rendered.text)

        def instead() -> list[rtc.AudioFrame] | None:
            kept = self._kept_greeting(rendered)
            return _with_words(*kept) if kept else self.voice_away()

        audio = bridged(
            rendered.frames(), self.filler, instead, gave_up=lambda heard: self._journal.broke_off(handle, heard)
        )
        handle = self._say("greeting", rendered.text, audio=audio)
        return handle

    def welcome_in_writing(self, text: str) -> SpeechHandle:
        """The first sentence of a call that nobody hears."""
        return self._say("greeting", text)

    def stalled(self, times: int) -> None:
        """The caller waits in silence for what is still being recognised: said at once, if that was spoken ahead, and
        to its end. The answer that comes meanwhile is heard after it, not in the middle of its second word.
        """
        if self._session.agent_state == "speaking":
            return
        if self._spare is not None and (kept := self._spare.sentence("moment", times)):
            self._say("apology", self._state.sentence("moment", times), interruptible=False, audio=_each(kept))

    def filler(self, times: int) -> list[rtc.AudioFrame] | None:
        """What bridges an answer that is late."""
        log.info("an answer is late, for the %d. time", times + 1)
        return self._spare.sentence("moment", min(times, 1)) if self._spare else None

    def tool_slow(self, answer: SpeechHandle, name: str) -> None:
        """A tool that the mind has called for `answer` takes long: the sentence `name` is said, once an answer, and
        never when the mind has said something itself, or somebody speaks.
        """
        reply = self._journal.reply
        if reply is None or reply.handle is not answer or answer.interrupted or reply.begun or reply.bridged:
            return
        if self._session.current_speech is not None or self.caller_speaking():
            return
        reply.bridged = True
        try:
            self._say("filler", self._sentence(name))
        except RuntimeError as error:  # the session is over, or being handed over
            log.info("%s was not said: %s", name, type(error).__name__)

    def voice_away(self) -> list[rtc.AudioFrame] | None:
        """What is heard in the place of an answer that cannot be spoken."""
        kept = self._spare.sentence("voice_away") if self._spare else None
        return _with_words(self._journal.voice_away, kept) if kept else None

    def are_you_there(self) -> SpeechHandle | None:
        """Asked only into silence: None when somebody speaks."""
        return self._say("question", self._sentence("are_you_there")) if self.quiet() else None

    def not_heard(self) -> None:
        """The caller spoke and could not be understood: said once it is quiet, if that is soon."""
        self._once_quiet("not_heard")

    def unanswered(self) -> None:
        """The mind called tools and then said nothing: owned up to once it is quiet, if that is soon."""
        self._once_quiet("mind_away")

    def takes_back(self, *, sources_shown: bool) -> None:
        """Something was said that nothing supports: corrected once it is quiet, if that is soon."""
        self._once_quiet("took_back" if sources_shown else "took_back_unseen")

    def begins_again(self) -> None:
        """Half an answer was heard; who takes over gives it whole."""
        self._say("apology", self._sentence("again"))

    def gives_up(self) -> SpeechHandle:
        """Nobody can answer any more: said to its end, before what comes of it."""
        return self._say("apology", self._sentence("unable"), interruptible=False)

    def goodbye(self, name: str) -> SpeechHandle:
        """`name`: the sentence that says why the call ends. It is said to its end."""
        return self._say("goodbye", self._sentence(name), interruptible=False)

    def apology(self, name: str) -> str:
        """The sentence to put in the place of an answer that cannot be given."""
        return self._sentence(name)

    def quiet(self) -> bool:
        """Whether nobody speaks and nothing is about to be said."""
        return (
            self._session.current_speech is None
            and self._session.agent_state == "listening"
            and not self.caller_speaking()
        )

    def _kept_greeting(self, rendered: Rendering) -> tuple[str, list[rtc.AudioFrame]] | None:
        """The same greeting, or the one for whoever it is, as far as it was spoken ahead."""
        if self._spare is None:
            return None
        kept = ((text, self._spare.frames(text)) for text in (rendered.text, self._spare.welcome))
        return next(((text, frames) for text, frames in kept if frames), None)

    def _once_quiet(self, name: str) -> None:
        waiting = self._apologising.get(name)
        if waiting is None or waiting.done():
            self._apologising[name] = asyncio.create_task(self._apologise(name), name=name)

    async def _apologise(self, name: str) -> None:
        try:
            async with asyncio.timeout(_QUIET_WITHIN_S):
                while not self.quiet():  # noqa: ASYNC110 (made of three states; only one of them is announced)
                    await asyncio.sleep(_LOOKED_EVERY_S)
            self._say("apology", self._sentence(name))
        except (TimeoutError, RuntimeError) as error:  # it never was quiet, or the session is over
            log.info("%s was not said: %s", name, type(error).__name__)

    def _say(
        self, kind: str, text: str, *, interruptible: bool = True, audio: AsyncIterator[rtc.AudioFrame] | None = None
    ) -> SpeechHandle:
        if audio is None and self._spare is not None and (kept := self._spare.frames(text)):
            audio = _each(kept)
        handle = self._session.say(text, audio=audio or NOT_GIVEN, allow_interruptions=interruptible)
        self._journal.app_says(handle, kind=kind, text=text)
        return handle

    def _sentence(self, name: str) -> str:
        times = self._said.get(name, 0)
        self._said[name] = times + 1
        return self._state.sentence(name, times)


def _with_words(text: str, frames: list[rtc.AudioFrame]) -> list[rtc.AudioFrame]:
    """The frames, which tell what is said in them: where nothing tells, LiveKit takes the whole answer for heard."""
    lasts_s = sum(frame.duration for frame in frames)
    frames[0].userdata[USERDATA_TIMED_TRANSCRIPT] = [TimedString(f" {text}", start_time=0.0, end_time=lasts_s)]
    return frames


async def _each(frames: list[rtc.AudioFrame]) -> AsyncIterator[rtc.AudioFrame]:
    """One by one: LiveKit measures how fast each is spoken, and a whole greeting at once would hold the call up for
    some tenths of a second.
    """
    for frame in frames:
        yield frame
        await asyncio.sleep(0)
