"""Windows of audio in, finished turns out: a turn ends only when everything said in it is recognised.

Recognition starts at the first short silence, so that the text is there when the silence has become long enough.
Speech that goes on makes that attempt worthless (short turns) or a fragment of the turn (after a real pause).
Nothing is thrown away: what follows a turn too soon for its answer to have been heard is joined to it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from insta_voice.agent.mechanisms import ALL, Mechanisms
from insta_voice.agent.turns.last_turn import LastTurn
from insta_voice.agent.turns.meaning import Saying
from insta_voice.agent.turns.over_speech import OverSpeech
from insta_voice.agent.turns.overlap import Move
from insta_voice.agent.turns.pacing import Habit, Pacing, pause_needed_s
from insta_voice.agent.turns.ports import (
    BargeIn,
    Ended,
    EndOfTurnModel,
    Event,
    Expected,
    Heard,
    Held,
    Recognizer,
    Released,
    Resumed,
    Stalled,
    Transcription,
    Unheard,
    Window,
)
from insta_voice.agent.turns.recognition import Attempt, Recognition
from insta_voice.agent.turns.segment import Segment
from insta_voice.agent.turns.so_far import SoFar
from insta_voice.agent.turns.steady import with_silence
from insta_voice.agent.turns.words import TurnWords
from insta_voice.clock import loop_time_s
from insta_voice.errors import SpeechServerError
from insta_voice.languages import ENGLISH, Language

_BYTES_PER_S = 16_000 * 2
# The first silence that is worth an attempt, with a draft; plosives make nearly as much. And a judgement: LiveKit asks
# v1-mini after 0.2 s (inference/eot/base.py), and so soon it is no worse (bench/README.md).
_RECOGNISE_AFTER_S = 0.09
_REAL_PAUSE_S = 0.5  # what is before it stands as it was recognised
_LONG_SEGMENT_S = 10.0  # beyond it, recognising everything again after each pause costs too much
_LONGEST_SEGMENT_S = 25.0  # Moonshine takes half a minute
_PARTIAL_EVERY_S = 0.3
# Over the assistant's voice, which is held meanwhile: so little takes a twentieth of a second to recognise.
_OVERLAP_PARTIAL_EVERY_S = 0.15
_RESUMED_AFTER_S = 0.22  # of voice: less is a breath or a click
# What the caller hears in the place of an answer, while recognition hangs: never more than 4 s of unexplained silence.
_STALLED_AFTER_S = (3.0, 9.0, 15.0)
_GIVEN_UP_AFTER_S = 20.0  # a speech server that hangs is killed and back by then


class TurnEngine:
    """One per call. `assistant_audible` tells whether the caller hears the assistant right now, `saying` what it says,
    `is_request` whether a text is all of a request, as "let me talk to a person" is.

    `reply_pending` tells whether the answer to the last turn is still to come; false when it failed. Set by who asks
    for the answer.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        end_of_turn: EndOfTurnModel,
        *,
        assistant_audible: Callable[[], bool],
        saying: Callable[[], Saying] = Saying,
        is_request: Callable[[str], bool] = lambda text: False,
        language: Language = ENGLISH,
        pacing: Pacing | None = None,
        mechanisms: Mechanisms = ALL,
        clock: Callable[[], float] = loop_time_s,
    ) -> None:
        self.reply_pending: Callable[[], bool] = lambda: False
        self._end_of_turn = end_of_turn
        self._is_request = is_request
        self._words = TurnWords(language)
        self._pacing = pacing or Pacing()
        self._habit = Habit(learns=mechanisms.habit)
        self._mechanisms = mechanisms
        self._clock = clock
        self._recognition = Recognition(recognizer, clock)
        self._over_speech = OverSpeech(assistant_audible, saying, self._words, holds=mechanisms.holding)
        self._last_turn = LastTurn(clock, joins=mechanisms.joining)
        self._segment = Segment()
        self._so_far = SoFar(self._words)
        self._judgement: asyncio.Task[float | None] | None = None
        self._told: Attempt | None = None  # the final attempt that was told of
        self._could_be_over = False  # by words and voice, in the silence that goes on
        self._stalls = 0
        self._since_partial_s = 0.0
        self._resumption_said = False
        self._spoke_at = 0.0

    @property
    def caller_speaking(self) -> bool:
        """Whether a turn is open: nothing the app itself says may start now."""
        return self._segment.open

    async def events(self, windows: AsyncIterator[Window]) -> AsyncGenerator[Event, None]:
        """Ends with the windows."""
        try:
            async with aclosing(with_silence(windows, lambda: self._segment.open)) as steady:
                async for window in steady:
                    for event in self._step(window):
                        yield event
        finally:
            self._forget_attempts()
            self._forget_judgement()

    def _step(self, window: Window) -> list[Event]:
        segment = self._segment
        was_open, audible = segment.open, self._over_speech.audible()
        self._end_of_turn.hear(window.pcm)
        segment.push(window, nobodys=self._over_speech.echoes(window))
        self._last_turn.answering(window.duration_s, audible=audible, caller_speaks=segment.open)
        if not segment.open:
            return []
        if not was_open:
            self._opened()
        if segment.resumed:
            self._resumed()
        if segment.silence_s == 0:
            self._spoke_at = self._clock()
        move = self._over_speech.passed(window.duration_s, segment.voiced_s, segment.silence_s)
        events = [*self._moved(move), *self._joining(), *self._running_guess(window.duration_s)]
        if segment.silence_s >= _RECOGNISE_AFTER_S or len(segment.audio) > _LONGEST_SEGMENT_S * _BYTES_PER_S:
            events += self._towards_the_end()
        return events

    def _opened(self) -> None:
        self._over_speech.turn_opens()
        self._resumption_said = False
        self._since_partial_s = self._segment.voiced_s
        self._spoke_at = self._clock()

    def _moved(self, move: Move | None, text: str = "") -> list[Event]:
        """What becomes of the assistant's voice under the caller's; `text` is what they say."""
        match move:
            case Move.HOLD:
                return [Held()]
            case Move.RELEASE:
                return [Released()]
            case Move.YIELD:
                if self._last_turn.goes_on(self._segment.voiced_s, pending=False):
                    self._goes_on()
                return [BargeIn(text)]
        return []

    def _resumed(self) -> None:
        """Speech goes on after a silence; one too short to be worth an attempt has none to give up."""
        if self._segment.pause_s < _RECOGNISE_AFTER_S:
            return
        if self._could_be_over and not self._over_speech.began:  # "okay", and then a question, are two things
            self._habit.went_on_after(self._segment.pause_s)
        self._could_be_over = False
        final = self._recognition.final
        long_segment = len(self._segment.audio) > _LONG_SEGMENT_S * _BYTES_PER_S
        stands = self._segment.pause_s >= _REAL_PAUSE_S or long_segment
        if stands and final is not None and not (final.done and final.task.exception()):
            # Also one under way: begun anew with all that follows, on a busy machine it would never be done.
            self._let_stand(final)
            self._segment.begin_at_the_voice()
            self._so_far.collect()
        self._recognition.cancel_final()
        self._stalls = 0
        self._forget_judgement()

    def _let_stand(self, final: Attempt) -> None:
        """What is before its end is its own, whenever it is done."""
        self._so_far.owe(final)
        self._recognition.part_with_final()
        self._part_with(final.until)

    def _part_with(self, until: int) -> None:
        self._segment.drop_until(until)
        self._recognition.cancel()  # a guess under way would tell what is kept once more
        self._recognition.begin_anew()

    def _joining(self) -> list[Event]:
        """What follows a turn before its answer is heard belongs to that turn. Over the answer, words decide."""
        voiced_s = self._segment.voiced_s
        if self._resumption_said or voiced_s < _RESUMED_AFTER_S or self._over_speech.began:
            return []
        if not self._last_turn.goes_on(voiced_s, pending=self.reply_pending()):
            return []
        self._goes_on()
        self._resumption_said = True
        return [Resumed()]

    def _goes_on(self) -> None:
        """The turn that was taken to be over was not."""
        self._so_far.before, pause_s = self._last_turn.take(self._segment.voiced_s)
        self._habit.went_on_after(pause_s)

    def _running_guess(self, passed_s: float) -> list[Event]:
        events: list[Event] = []
        partial = self._recognition.partial
        if partial is not None and partial.done:
            self._recognition.partial = None
            if not partial.task.cancelled() and not partial.task.exception():
                events += self._recognised(partial.result(), paused=False)
        self._since_partial_s += passed_s
        undecided = self._over_speech.undecided
        due = _OVERLAP_PARTIAL_EVERY_S if undecided else max(_PARTIAL_EVERY_S, 2.5 * self._recognition.last_cost_s)
        speaking = self._segment.silence_s < _RECOGNISE_AFTER_S
        wanted = speaking and (undecided or self._mechanisms.drafts)
        if wanted and self._recognition.partial is None and self._since_partial_s >= due:
            self._since_partial_s = 0.0
            self._recognition.start_partial(bytes(self._segment.audio))
        return events

    def _recognised(self, heard: Transcription, *, paused: bool) -> list[Event]:
        """More of the turn is known, or what it would be if it ended now."""
        text, events = heard.text.strip(), list[Event]()
        whole = self._so_far.whole(text)
        if self._over_speech.undecided:
            voiced_s, pcm = self._segment.voiced_s, bytes(self._segment.audio)
            events = self._moved(self._over_speech.heard(whole, heard.confidence, voiced_s, pcm), text)
            if not self._over_speech.yielded:
                return events
        if not text:
            return events
        expected = Expected(self._so_far.joined(whole), self._so_far.confidence(heard.confidence), paused)
        return [*events, Heard(whole), expected]

    def _towards_the_end(self) -> list[Event]:
        segment, final = self._segment, self._recognition.final
        if final is not None and segment.silence_s >= _RECOGNISE_AFTER_S and final.until < segment.voiced_until:
            self._let_stand(final)  # begun while the caller spoke: what they said since is still to be recognised
            final = None
        if final is None:
            self._recognition.start_final(bytes(segment.audio))
            return []
        if self._judgement is None and segment.silence_s >= _RECOGNISE_AFTER_S:
            self._judgement = asyncio.create_task(_judged(self._end_of_turn), name="judge-end-of-turn")
        self._so_far.collect()
        if not final.done or self._so_far.owed:
            return self._stalling()  # a turn is never over while recognition of its audio is still running
        if error := final.task.exception():
            failed = Unheard(error if isinstance(error, Exception) else RuntimeError(str(error)))
            return self._without_the_rest(failed, final.finished_at - final.started_at)
        if segment.silence_s < _RECOGNISE_AFTER_S:
            self._so_far.keep(final.result())  # an endless sentence
            self._part_with(final.until)
            return [Heard(self._so_far.whole())]
        known: list[Event] = [] if final is self._told else self._recognised(final.result(), paused=True)
        self._told = final
        text = self._so_far.whole(final.result().text)
        if not self._is_over(text):
            return known
        confidence = self._so_far.confidence(final.result().confidence)
        return [*known, *self._ended(text, confidence, final.finished_at - final.started_at)]

    def _is_over(self, text: str) -> bool:
        """Whether the silence is long enough after these words."""
        judgement = self._judgement
        probability = judgement.result() if judgement is not None and judgement.done() else None
        words = self._words if self._mechanisms.words else None
        is_request = self._is_request(text)
        needed_s = pause_needed_s(text, probability, self._pacing, words, is_request=is_request)
        self._could_be_over = needed_s <= self._pacing.likely_s
        return self._segment.silence_s >= self._habit.patience_s(needed_s)

    def _ended(self, fragment: str, confidence: float | None, recognition_s: float) -> list[Event]:
        yielded, voiced_s = self._over_speech.yielded, self._segment.voiced_s
        dropped = not fragment or self._over_speech.only_listens(fragment, confidence, voiced_s)
        before, text = self._so_far.before, self._so_far.joined(fragment)
        timings = {
            "endpointing_ms": round((self._clock() - self._spoke_at) * 1000, 1),
            "recognition_ms": round(recognition_s * 1000, 1),
            "speech_ms": round(voiced_s * 1000, 1),
            "pauses_joined": float(self._so_far.pauses),
        }
        if not dropped:
            self._over_speech.hears_caller(bytes(self._segment.audio))
        cuts_in = not dropped and self._over_speech.audible() and not yielded
        released = self._moved(self._over_speech.turn_over())
        events: list[Event] = [BargeIn(text)] if cuts_in else released
        spoke_at = self._spoke_at
        self._finish()
        if dropped and not before:
            return [*events, Unheard()] if yielded else events
        if dropped:
            # A cough after "resumed": the turn it seemed to continue still wants its answer.
            text, fragment, confidence = before, "", None
        self._last_turn.ended(text, spoke_at)
        self._habit.finished()
        return [*events, Ended(text, fragment, confidence, timings)]

    def _stalling(self) -> list[Event]:
        waited_s = self._segment.silence_s
        if waited_s >= _GIVEN_UP_AFTER_S:
            self._forget_attempts()
            return self._without_the_rest(Unheard(SpeechServerError(detail="recognition hangs")), waited_s)
        late = self._stalls < len(_STALLED_AFTER_S) and waited_s >= _STALLED_AFTER_S[self._stalls]
        if late and not self._over_speech.audible():  # after it, where the assistant's voice went on
            self._stalls += 1
            return [Stalled(self._stalls - 1)]
        return []

    def _without_the_rest(self, failed: Unheard, recognition_s: float) -> list[Event]:
        """What stands is answered, and what was lost can be said again; nothing stands: the caller is asked to."""
        events = self._ended(self._so_far.whole(), self._so_far.confidence(), recognition_s)
        if any(isinstance(event, Ended) for event in events):
            return events
        return [*(event for event in events if not isinstance(event, Unheard)), failed]

    def _forget_attempts(self) -> None:
        self._recognition.cancel()
        self._so_far.give_up()

    def _finish(self) -> None:
        self._forget_attempts()
        self._stalls = 0
        self._forget_judgement()
        self._end_of_turn.forget()
        self._segment.close()
        self._recognition.begin_anew()
        self._told, self._could_be_over = None, False
        self._so_far = SoFar(self._words)

    def _forget_judgement(self) -> None:
        if self._judgement is not None:
            self._judgement.cancel()
            self._judgement = None


async def _judged(model: EndOfTurnModel) -> float | None:
    return await model.probability()
