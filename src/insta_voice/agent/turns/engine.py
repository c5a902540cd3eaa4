"""Windows of audio in, finished turns out: a turn ends only when everything said in it is recognised.

Recognition starts at the first short silence, so that the text is there when the silence has become long enough.
Speech that goes on makes that attempt worthless (short turns) or a fragment of the turn (after a real pause).
Nothing is thrown away: what follows a turn too soon for its answer to have begun is joined to it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

from insta_voice.agent.turns.pacing import Pacing, pause_needed_s
from insta_voice.agent.turns.ports import (
    BargeIn,
    Ended,
    EndOfTurnModel,
    Event,
    Heard,
    Recognizer,
    Resumed,
    Stalled,
    Transcription,
    Unheard,
    Window,
)
from insta_voice.agent.turns.recognition import Attempt, Recognition
from insta_voice.agent.turns.segment import Segment
from insta_voice.agent.turns.steady import with_silence
from insta_voice.agent.turns.words import TurnWords
from insta_voice.clock import loop_time_s
from insta_voice.errors import SpeechServerError
from insta_voice.languages import ENGLISH, Language

_BYTES_PER_S = 16_000 * 2
_RECOGNISE_AFTER_S = 0.16  # the first silence that is worth an attempt; plosives make up to 0.1 s
_JUDGE_AFTER_S = 0.2  # v1-mini needs this much silence (inference/eot/base.py)
_REAL_PAUSE_S = 0.5  # what is before it stands as it was recognised
_LONG_SEGMENT_S = 10.0  # beyond it, recognising everything again after each pause costs too much
_LONGEST_SEGMENT_S = 25.0  # Moonshine takes half a minute
_PARTIAL_EVERY_S = 0.7
_BARGE_IN_AFTER_S = 0.4
_JOIN_WITHIN_S = 1.5  # an answer is heard about 0.5 s after its turn ended
_JOIN_WHILE_PENDING_S = 20.0  # a mind that answers later than this hangs: what is said then stands by itself
_RESUMED_AFTER_S = 0.22  # of voice: less is a breath or a click
# What the caller hears in the place of an answer, while recognition hangs: never more than 4 s of unexplained silence.
_STALLED_AFTER_S = (3.0, 9.0, 15.0)
_GIVEN_UP_AFTER_S = 20.0  # a speech server that hangs is killed and back by then


class TurnEngine:
    """One per call. `assistant_audible` tells whether the caller hears the assistant right now.

    `reply_pending` tells whether the answer to the last turn is still to come; false when it failed. Set by who asks
    for the answer.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        end_of_turn: EndOfTurnModel,
        *,
        assistant_audible: Callable[[], bool],
        language: Language = ENGLISH,
        pacing: Pacing | None = None,
        partials: bool = True,
        clock: Callable[[], float] = loop_time_s,
    ) -> None:
        self.reply_pending: Callable[[], bool] = lambda: False
        self._end_of_turn = end_of_turn
        self._audible = assistant_audible
        self._words = TurnWords(language)
        self._pacing = pacing or Pacing()
        self._partials = partials
        self._clock = clock
        self._recognition = Recognition(recognizer, clock)
        self._segment = Segment()
        self._judgement: asyncio.Task[float | None] | None = None
        self._fragments: list[str] = []
        self._owed: list[Attempt] = []  # of fragments that follow, in order; still being recognised
        self._stalls = 0
        self._confidence: float | None = None
        self._pauses_joined = 0
        self._joined_before = ""  # the turn that was taken to be over and goes on
        self._last_text, self._last_ended_at = "", float("-inf")
        self._since_partial_s = 0.0
        self._over_speech = False  # this turn began while the assistant was audible
        self._interrupted = False
        self._resumption_said = False
        self._spoke_at = 0.0

    @property
    def caller_speaking(self) -> bool:
        """Whether a turn is open: nothing the app itself says may start now."""
        return self._segment.open

    async def events(self, windows: AsyncIterator[Window]) -> AsyncIterator[Event]:
        """Ends with the windows."""
        try:
            async for window in with_silence(windows, lambda: self._segment.open):
                for event in await self._step(window):
                    yield event
        finally:
            self._forget_attempts()
            if self._judgement is not None:
                self._judgement.cancel()

    async def _step(self, window: Window) -> list[Event]:
        segment = self._segment
        was_open = segment.open
        self._end_of_turn.hear(window.pcm)
        segment.push(window)
        if self._audible():
            self._last_text = ""  # the answer is heard: what the caller says now is a turn of its own
        if not segment.open:
            return []
        events: list[Event] = []
        if not was_open:
            self._opened()
        if segment.resumed:
            self._resumed()
        if segment.silence_s == 0:
            self._spoke_at = self._clock()
        events += self._joining()
        events += self._running_guess(window.duration_s)
        if segment.silence_s >= _RECOGNISE_AFTER_S or len(segment.audio) > _LONGEST_SEGMENT_S * _BYTES_PER_S:
            events += self._towards_the_end()
        return events

    def _opened(self) -> None:
        self._over_speech = self._audible()
        self._interrupted = self._resumption_said = False
        self._since_partial_s = self._segment.voiced_s
        self._spoke_at = self._clock()

    def _resumed(self) -> None:
        """Speech goes on after a silence; one too short to be worth an attempt has none to give up."""
        if self._segment.pause_s < _RECOGNISE_AFTER_S:
            return
        final = self._recognition.final
        long_segment = len(self._segment.audio) > _LONG_SEGMENT_S * _BYTES_PER_S
        stands = self._segment.pause_s >= _REAL_PAUSE_S or long_segment
        if stands and final is not None and not (final.done and final.task.exception()):
            # Also one under way: begun anew with all that follows, on a busy machine it would never be done.
            self._let_stand(final)
            self._segment.begin_at_the_voice()
            self._collect()
        self._recognition.cancel_final()
        self._stalls = 0
        self._forget_judgement()

    def _let_stand(self, final: Attempt) -> None:
        """What is before its end is its own, whenever it is done."""
        self._owed.append(final)
        self._recognition.part_with_final()
        self._part_with(final.until)

    def _keep(self, recognised: Transcription, until: int) -> None:
        self._fragments.append(recognised.text)
        self._confidence = _least(self._confidence, recognised.confidence)
        self._part_with(until)

    def _part_with(self, until: int) -> None:
        self._segment.drop_until(until)
        self._recognition.cancel()  # a guess under way would tell what is kept once more
        self._pauses_joined += 1

    def _collect(self) -> None:
        """Fragments whose recognition is done, in the order they were said. What failed can be said again."""
        while self._owed and self._owed[0].done:
            attempt = self._owed.pop(0)
            if not attempt.task.cancelled() and not attempt.task.exception():
                self._fragments.append(attempt.result().text)
                self._confidence = _least(self._confidence, attempt.result().confidence)

    def _joining(self) -> list[Event]:
        """What follows a turn before its answer is heard belongs to that turn."""
        if self._resumption_said or not self._last_text or self._segment.voiced_s < _RESUMED_AFTER_S:
            return []
        within_s = _JOIN_WHILE_PENDING_S if self.reply_pending() else _JOIN_WITHIN_S
        if self._clock() - self._last_ended_at > within_s + self._segment.voiced_s:
            self._last_text = ""
            return []
        self._joined_before, self._last_text, self._resumption_said = self._last_text, "", True
        return [Resumed()]

    def _running_guess(self, passed_s: float) -> list[Event]:
        events: list[Event] = []
        partial = self._recognition.partial
        if partial is not None and partial.done:
            self._recognition.partial = None
            if not partial.task.cancelled() and not partial.task.exception():
                events += self._guessed(partial.result().text.strip())
        self._since_partial_s += passed_s
        over_speech = self._audible() and not self._interrupted
        due = _BARGE_IN_AFTER_S if over_speech else max(_PARTIAL_EVERY_S, 2.5 * self._recognition.last_cost_s)
        speaking = self._segment.silence_s < _RECOGNISE_AFTER_S
        wanted = speaking and (over_speech or self._partials)
        if wanted and self._recognition.partial is None and self._since_partial_s >= due:
            self._since_partial_s = 0.0
            self._recognition.start_partial(bytes(self._segment.audio))
        return events

    def _guessed(self, text: str) -> list[Event]:
        if self._audible() and not self._interrupted:
            if self._segment.voiced_s < _BARGE_IN_AFTER_S or self._words.is_backchannel(text, self._segment.voiced_s):
                return []
            self._interrupted = True
            return [BargeIn(text), Heard(self._whole(text))]
        return [Heard(self._whole(text))] if text else []

    def _whole(self, text: str) -> str:
        return self._words.joined([*self._fragments, text])

    def _towards_the_end(self) -> list[Event]:
        segment, final = self._segment, self._recognition.final
        if final is not None and segment.silence_s >= _RECOGNISE_AFTER_S and final.until < segment.voiced_until:
            self._let_stand(final)  # begun while the caller spoke: what they said since is still to be recognised
            final = None
        if final is None:
            self._recognition.start_final(bytes(segment.audio))
            return []
        if self._judgement is None and segment.silence_s >= _JUDGE_AFTER_S:
            self._judgement = asyncio.create_task(_judged(self._end_of_turn), name="judge-end-of-turn")
        self._collect()
        if not final.done or self._owed:
            return self._stalling()  # a turn is never over while recognition of its audio is still running
        if error := final.task.exception():
            failed = Unheard(error if isinstance(error, Exception) else RuntimeError(str(error)))
            # What stands is answered, and what was lost can be said again; nothing stands: the caller is asked to.
            events = self._ended(self._whole(""), self._confidence, final.finished_at - final.started_at)
            return events if any(isinstance(event, Ended) for event in events) else [failed]
        if segment.silence_s < _RECOGNISE_AFTER_S:
            self._keep(final.result(), final.until)  # an endless sentence
            return [Heard(self._whole(""))]
        text = self._whole(final.result().text)
        if self._judgement is None or (not self._judgement.done() and segment.silence_s < self._pacing.likely_s):
            return []
        probability = self._judgement.result() if self._judgement.done() else None
        if segment.silence_s < pause_needed_s(text, probability, self._pacing, self._words):
            return []
        confidence = _least(self._confidence, final.result().confidence)
        return self._ended(text, confidence, final.finished_at - final.started_at)

    def _ended(self, fragment: str, confidence: float | None, recognition_s: float) -> list[Event]:
        backchannel = (self._over_speech or self._audible()) and not self._interrupted
        dropped = not fragment or (backchannel and self._words.is_backchannel(fragment, self._segment.voiced_s))
        text = self._words.joined([self._joined_before, fragment])
        timings = {
            "endpointing_ms": round((self._clock() - self._spoke_at) * 1000, 1),
            "recognition_ms": round(recognition_s * 1000, 1),
            "speech_ms": round(self._segment.voiced_s * 1000, 1),
            "pauses_joined": float(self._pauses_joined),
        }
        joined = self._joined_before
        self._finish()
        if dropped and not joined:
            return [Unheard()] if self._interrupted else []
        if dropped:
            # A cough after "resumed": the turn it seemed to continue still wants its answer.
            text, fragment, confidence = joined, "", None
        self._last_text, self._last_ended_at = text, self._clock()
        cuts_in = not dropped and self._audible() and not self._interrupted
        events: list[Event] = [BargeIn(text)] if cuts_in else []
        return [*events, Ended(text, fragment, confidence, timings)]

    def _stalling(self) -> list[Event]:
        waited_s = self._segment.silence_s
        if waited_s >= _GIVEN_UP_AFTER_S:
            self._forget_attempts()
            gone = SpeechServerError(detail="recognition hangs")
            events = self._ended(self._whole(""), self._confidence, waited_s)
            return events if any(isinstance(event, Ended) for event in events) else [Unheard(gone)]
        if self._stalls < len(_STALLED_AFTER_S) and waited_s >= _STALLED_AFTER_S[self._stalls]:
            self._stalls += 1
            return [Stalled(self._stalls - 1)]
        return []

    def _forget_attempts(self) -> None:
        self._recognition.cancel()
        for attempt in self._owed:
            attempt.cancel()
        self._owed = []

    def _finish(self) -> None:
        self._forget_attempts()
        self._stalls = 0
        self._forget_judgement()
        self._end_of_turn.forget()
        self._segment.close()
        self._fragments, self._joined_before, self._pauses_joined, self._confidence = [], "", 0, None

    def _forget_judgement(self) -> None:
        if self._judgement is not None:
            self._judgement.cancel()
            self._judgement = None


def _least(one: float | None, other: float | None) -> float | None:
    return min(one, other) if one is not None and other is not None else (other if one is None else one)


async def _judged(model: EndOfTurnModel) -> float | None:
    return await model.probability()
