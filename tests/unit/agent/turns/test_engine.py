"""Turns of a scripted caller on a virtual clock: what is joined, what waits, what interrupts, what is never lost."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from tests.support.virtual_clock import run_virtual
from tests.support.voices import ScriptedEndOfTurn, ScriptedRecognizer, Words, live, silence

from insta_voice.agent.turns.engine import TurnEngine
from insta_voice.agent.turns.ports import (
    BargeIn,
    Ended,
    Event,
    Expected,
    Heard,
    Held,
    Released,
    Resumed,
    Stalled,
    Transcription,
    Unheard,
    Window,
)
from insta_voice.errors import SpeechServerError

QUESTION = "how do I reset my password?"


class Stage:
    """One conversation: speak, and see what the engine makes of it."""

    def __init__(self, *, over: Callable[[str], float] = lambda text: 0.9, delay_s: float = 0.2) -> None:
        self.words = Words()
        self.recognizer = ScriptedRecognizer(self.words, delay_s=delay_s)
        self.over = over
        self.audible: Callable[[float], bool] = lambda now: False
        self.reply_pending: Callable[[float], bool] = lambda now: False
        self.events: list[tuple[float, Event]] = []

    def play(self, *parts: Iterator[Window], finish: bool = True) -> list[Event]:
        """What it tells of the turns; what it only expects is in `events` too."""
        run_virtual(self._play(*parts, *([silence(4)] if finish else [])))
        return [event for _, event in self.events if not isinstance(event, Expected)]

    async def _play(self, *parts: Iterator[Window]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        self.engine = TurnEngine(
            self.recognizer,
            ScriptedEndOfTurn(self.words, self.over),
            assistant_audible=lambda: self.audible(loop.time() - began),
            is_request=lambda text: text.startswith("Let me"),
            clock=loop.time,
        )
        self.engine.reply_pending = lambda: self.reply_pending(loop.time() - began)
        async for event in self.engine.events(live(*parts)):
            self.events.append((loop.time() - began, event))

    def failing_from_here(self) -> Iterator[Window]:
        """No window: the next final recognition fails as often as it is tried."""
        self.recognizer.failures = [SpeechServerError() for _ in range(3)]
        yield from ()

    def ended(self) -> list[Ended]:
        return [event for _, event in self.events if isinstance(event, Ended)]

    def at(self, kind: type) -> float:
        return next(at for at, event in self.events if isinstance(event, kind))


def test_a_complete_question_ends_its_turn_soon_after_its_last_sound() -> None:
    stage = Stage()
    stage.play(silence(0.5), stage.words.windows(QUESTION))
    assert [turn.text for turn in stage.ended()] == [QUESTION]
    spoken_until = 0.5 + 6 * 0.256
    assert 0.33 <= stage.at(Ended) - spoken_until <= 0.5
    assert stage.ended()[0].timings_ms["endpointing_ms"] == pytest.approx(380, abs=80)
    assert stage.ended()[0].confidence == 0.9


@pytest.mark.parametrize("delay_s", [0.05, 0.3, 1.0, 2.5])
def test_a_turn_is_never_over_while_its_audio_is_still_being_recognised(delay_s: float) -> None:
    """Stock LiveKit committed the first fragment and answered it while the rest was still being recognised."""
    stage = Stage(delay_s=delay_s)
    said = "my invoice is wrong and I want to change my plan"
    first, rest = "my invoice is wrong and I", "want to change my plan"
    stage.play(silence(0.3), stage.words.windows(first), silence(0.3), stage.words.windows(rest))
    assert [turn.text for turn in stage.ended()] == [said]


@pytest.mark.parametrize("pause_s", [0.2, 0.35, 0.45, 0.6])
def test_fragments_with_thinking_pauses_are_one_turn(pause_s: float) -> None:
    unfinished = {"how do I": 0.1, "how do I change the": 0.05}
    stage = Stage(over=lambda text: unfinished.get(text, 0.9))
    stage.play(
        silence(0.3),
        stage.words.windows("how do I"),
        silence(pause_s),
        stage.words.windows("change the"),
        silence(pause_s),
        stage.words.windows("card for my invoices?"),
    )
    assert [turn.text for turn in stage.ended()] == ["how do I change the card for my invoices?"]


def test_what_follows_before_the_answer_is_heard_belongs_to_the_turn() -> None:
    stage = Stage()
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(0.7), stage.words.windows("on my new phone"))
    assert [turn.text for turn in stage.ended()] == [QUESTION, f"{QUESTION} on my new phone"]
    assert [turn.fragment for turn in stage.ended()] == [QUESTION, "on my new phone"]
    assert any(isinstance(event, Resumed) for _, event in stage.events)


def test_who_speaks_as_soon_as_the_answer_begins_was_not_done() -> None:
    stage = Stage(delay_s=0.06)
    stage.audible = lambda now: now > 2.5  # 0.3 s after the turn was over
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(0.8), stage.words.windows("on my new phone please"))
    assert [turn.text for turn in stage.ended()] == [QUESTION, f"{QUESTION} on my new phone please"]
    assert [type(event) for _, event in stage.events if isinstance(event, BargeIn | Resumed)] == [BargeIn]


def test_who_only_hums_as_the_answer_begins_has_not_gone_on() -> None:
    stage = Stage(delay_s=0.06)
    stage.audible = lambda now: now > 2.5
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(0.8), stage.words.windows("okay I see"))
    assert [turn.text for turn in stage.ended()] == [QUESTION]
    assert not [event for _, event in stage.events if isinstance(event, BargeIn | Resumed)]


def test_what_follows_a_question_that_a_slow_mind_has_not_answered_belongs_to_it() -> None:
    stage = Stage()
    stage.reply_pending = lambda now: True
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(6), stage.words.windows("for the mobile app"))
    assert [turn.text for turn in stage.ended()] == [QUESTION, f"{QUESTION} for the mobile app"]


def test_an_answer_that_will_never_come_is_not_waited_for() -> None:
    stage = Stage()
    stage.reply_pending = lambda now: now < 3  # it failed
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(2.5), stage.words.windows("for the mobile app"))
    assert [turn.text for turn in stage.ended()] == [QUESTION, "for the mobile app"]


def test_a_mind_that_hangs_does_not_hold_a_question_open_for_ever() -> None:
    stage = Stage()
    stage.reply_pending = lambda now: True
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(40), stage.words.windows("for the mobile app"))
    assert [turn.text for turn in stage.ended()] == [QUESTION, "for the mobile app"]


def test_once_the_answer_is_heard_a_new_turn_is_its_own() -> None:
    stage = Stage()
    stage.reply_pending = lambda now: now < 3.4
    stage.audible = lambda now: 3.0 < now < 3.4
    stage.play(
        silence(0.3), stage.words.windows(QUESTION), silence(1.6), stage.words.windows("and if I have no phone?")
    )
    assert [turn.text for turn in stage.ended()] == [QUESTION, "and if I have no phone?"]


def test_real_words_over_the_assistant_interrupt_it_and_are_a_turn() -> None:
    stage = Stage()
    stage.audible = lambda now: now < 3
    stage.play(silence(0.5), stage.words.windows("no wait I meant my storage"))
    assert stage.at(Held) <= 0.5 + 0.13, "it is silent before anything is recognised"
    assert stage.at(BargeIn) <= 0.5 + 0.9
    assert [turn.text for turn in stage.ended()] == ["no wait I meant my storage"]
    assert len([event for _, event in stage.events if isinstance(event, BargeIn)]) == 1, "it is silent by then"


def test_an_interruption_that_turns_out_to_hold_no_words_is_said() -> None:
    """The assistant has fallen silent for it: the caller must not be left in silence."""

    class OnlyGuesses(ScriptedRecognizer):
        async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
            recognised = await super().transcribe(pcm, final=final, before=before)
            return Transcription("") if final else recognised

    stage = Stage()
    stage.audible = lambda now: now < 1.4
    stage.recognizer = OnlyGuesses(stage.words)
    events = stage.play(silence(0.5), stage.words.windows("no wait I meant my storage"))
    assert [type(event) for event in events if not isinstance(event, Heard)] == [Held, BargeIn, Unheard]


def test_sound_without_words_that_interrupted_nothing_is_no_turn() -> None:
    stage = Stage()
    stage.audible = lambda now: True
    rumble = [Window(b"\0\x20" * 512, 0.9)] * 40
    assert stage.play(silence(0.5), iter(rumble)) == [Held(), Released()]


def test_somebody_far_from_the_microphone_does_not_hold_the_assistant() -> None:
    stage = Stage()
    stage.audible = lambda now: True
    far = [Window(b"\x40\0" * 512, 0.9)] * 40  # at -54 dB
    assert stage.play(silence(0.5), iter(far)) == []


@pytest.mark.parametrize("hum", ["mm-hm", "okay", "yeah right", "I see"])
def test_a_backchannel_over_the_assistant_only_holds_it_for_a_moment(hum: str) -> None:
    stage = Stage(delay_s=0.06)
    stage.audible = lambda now: True
    assert stage.play(silence(0.5), stage.words.windows(hum)) == [Held(), Released()]
    assert stage.at(Released) - stage.at(Held) <= 0.3


def test_the_same_word_is_an_answer_when_nobody_speaks() -> None:
    stage = Stage()
    stage.play(silence(0.5), stage.words.windows("okay"))
    assert [turn.text for turn in stage.ended()] == ["okay"]


def test_a_click_opens_no_turn() -> None:
    stage = Stage()
    click = [Window(b"\1\1" * 512, 0.9)] * 2
    assert stage.play(silence(0.5), iter(click)) == []
    assert stage.recognizer.finals == 0


def test_recognition_that_fails_is_tried_again_and_the_words_are_not_lost() -> None:
    stage = Stage()
    stage.recognizer.failures = [SpeechServerError(), SpeechServerError()]
    stage.play(silence(0.3), stage.words.windows(QUESTION))
    assert [turn.text for turn in stage.ended()] == [QUESTION]


def test_recognition_that_keeps_failing_is_said() -> None:
    stage = Stage()
    stage.recognizer.failures = [SpeechServerError() for _ in range(3)]
    events = stage.play(silence(0.3), stage.words.windows(QUESTION), silence(3), stage.words.windows("hello there"))
    assert [type(event) for event in events if isinstance(event, Unheard | Ended)] == [Unheard, Ended]


def test_recognition_that_fails_late_keeps_what_was_recognised_before() -> None:
    stage = Stage(over=lambda text: 0.05 if text.endswith("and") else 0.9)
    stage.play(
        silence(0.3),
        stage.words.windows("I was charged twice in March and"),
        silence(0.7),
        stage.failing_from_here(),
        stage.words.windows("once more in May"),
    )
    assert [turn.text for turn in stage.ended()] == ["I was charged twice in March and"]
    assert not [event for _, event in stage.events if isinstance(event, Unheard)]


def test_recognition_that_fails_after_a_turn_went_on_still_has_that_turn_answered() -> None:
    stage = Stage()
    stage.play(
        silence(0.3),
        stage.words.windows(QUESTION),
        silence(0.7),
        stage.failing_from_here(),
        stage.words.windows("on my new phone"),
    )
    assert [(turn.text, turn.fragment) for turn in stage.ended()] == [(QUESTION, QUESTION), (QUESTION, "")]
    assert not [event for _, event in stage.events if isinstance(event, Unheard)]


def test_a_very_long_turn_keeps_every_word() -> None:
    stage = Stage(over=lambda text: 0.9 if text.endswith("end") else 0.05)
    said = " ".join(f"word{number}" for number in range(160)) + " end"  # 41 s without a pause
    stage.play(silence(0.3), stage.words.windows(said))
    assert [turn.text for turn in stage.ended()] == [said]


@pytest.mark.parametrize("delay_s", [0.2, 0.9])
def test_what_is_shown_of_a_very_long_turn_has_each_word_once(delay_s: float) -> None:
    stage = Stage(over=lambda text: 0.9 if text.endswith("end") else 0.05, delay_s=delay_s)
    stage.play(silence(0.3), stage.words.windows(" ".join(f"word{number}" for number in range(240)) + " end"))
    shown = [event.text.split() for _, event in stage.events if isinstance(event, Heard)]
    assert shown
    assert [words for words in shown if len(words) != len(set(words))] == []


@pytest.mark.parametrize("takes", [0.05, 0.15, 0.5])
@pytest.mark.parametrize("pause_s", [None, 0.2, 0.8])
def test_the_end_of_very_long_speech_is_not_lost_while_its_beginning_is_still_recognised(
    takes: float, pause_s: float | None
) -> None:
    """What was said after the attempt at 25 s had begun was taken for recognised with it."""
    stage = Stage(delay_s=0.2)
    stage.recognizer.delay_per_s = takes
    begun = " ".join(f"word{number}" for number in range(103))
    rest = " ".join(f"more{number}" for number in range(5)) if pause_s else ""
    parts = [silence(pause_s), stage.words.windows(rest)] if pause_s else []
    stage.play(silence(0.5), stage.words.windows(begun), *parts, silence(16))
    assert " ".join(turn.fragment for turn in stage.ended()) == f"{begun} {rest}".strip()


def test_a_track_that_falls_silent_in_mid_turn_still_ends_it() -> None:
    """A muted microphone sends nothing at all."""

    async def muted(stage: Stage) -> list[Event]:
        loop = asyncio.get_running_loop()
        engine = TurnEngine(
            stage.recognizer,
            ScriptedEndOfTurn(stage.words),
            assistant_audible=lambda: False,
            clock=loop.time,
        )

        async def spoken_then_muted():  # type: ignore[no-untyped-def]
            async for window in live(silence(0.3), stage.words.windows(QUESTION)):
                yield window
            await asyncio.sleep(5)

        return [event async for event in engine.events(spoken_then_muted()) if isinstance(event, Ended)]

    stage = Stage()
    assert [turn.text for turn in run_virtual(muted(stage)) if isinstance(turn, Ended)] == [QUESTION]


@pytest.mark.parametrize("rest", ["", "and also"])
def test_nothing_is_left_running_after_the_call(rest: str) -> None:
    stage = Stage(delay_s=30)
    stage.play(
        silence(0.3), stage.words.windows(QUESTION), silence(1), stage.words.windows(rest), silence(1), finish=False
    )
    assert stage.recognizer.running == 0


def test_a_recogniser_that_hangs_is_told_of_and_given_up() -> None:
    """A stopped speech server: the caller waited for 90 s without a word."""
    stage = Stage(delay_s=300)
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(40), finish=False)
    spoken_until = 0.3 + 6 * 0.256
    told = [(round(at - spoken_until), event) for at, event in stage.events]
    assert [at for at, _ in told] == [3, 9, 15, 20]
    assert [event for _, event in told[:3]] == [Stalled(0), Stalled(1), Stalled(2)]
    assert isinstance(told[3][1], Unheard)
    assert stage.recognizer.running == 0


def test_a_recogniser_that_hangs_under_the_assistants_voice_is_told_of_when_that_is_silent() -> None:
    """What was due while the answer went on was never said: 6.6 s of silence were measured after it."""
    stage = Stage(delay_s=300)
    stage.audible = lambda now: now < 6.0
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(12), finish=False)
    told = [(round(at, 1), event) for at, event in stage.events if isinstance(event, Stalled)]
    assert told == [(6.0, Stalled(0)), (pytest.approx(0.3 + 6 * 0.256 + 9, abs=0.2), Stalled(1))]


def test_what_is_said_after_a_turn_that_was_given_up_is_heard() -> None:
    stage = Stage(delay_s=300)

    def mended() -> Iterator[Window]:
        stage.recognizer.delay_s = 0.2
        yield from ()

    stage.play(
        silence(0.3), stage.words.windows("is anybody there"), silence(25), mended(), stage.words.windows(QUESTION)
    )
    assert [turn.text for turn in stage.ended()] == [QUESTION]


def test_a_recogniser_slower_than_speech_still_gets_done() -> None:
    """The caller asked again each time nothing came, and each time recognition began anew with more to recognise."""
    stage = Stage()
    stage.recognizer.delay_per_s = 4.0
    asked = [part for _ in range(4) for part in (stage.words.windows("are you still there"), silence(6))]
    stage.play(silence(0.3), *asked, silence(20))
    words = " ".join(turn.fragment for turn in stage.ended()).split()
    assert words == ["are", "you", "still", "there"] * 4


def test_a_turn_is_not_called_stalled_while_the_caller_goes_on() -> None:
    stage = Stage(over=lambda text: 0.05)
    stage.play(*(part for _ in range(5) for part in (stage.words.windows("and then"), silence(0.9))))
    assert not [event for _, event in stage.events if isinstance(event, Stalled)]


def test_what_the_turn_would_say_is_expected_before_it_is_over() -> None:
    """All that is needed for the answer is made ready in the silence in which the turn is judged to be over."""
    stage = Stage(delay_s=0.06)
    stage.play(silence(0.5), stage.words.windows(QUESTION))
    expected = [(at, event) for at, event in stage.events if isinstance(event, Expected)]
    assert expected[-1][1] == Expected(QUESTION, stage.ended()[0].confidence, paused=True)
    assert expected[-1][0] < stage.at(Ended)
    assert len({event.text for _, event in expected}) > 1, "words are expected while the caller speaks"


def test_a_turn_that_goes_on_is_expected_whole() -> None:
    stage = Stage()
    stage.play(silence(0.3), stage.words.windows(QUESTION), silence(0.7), stage.words.windows("on my new phone"))
    assert [event.text for _, event in stage.events if isinstance(event, Expected)][-1] == stage.ended()[-1].text


def test_nothing_is_expected_of_one_who_only_listens() -> None:
    stage = Stage()
    stage.audible = lambda now: True
    stage.play(silence(0.3), stage.words.windows("okay I see"))
    assert not [event for _, event in stage.events if isinstance(event, Expected)]


def test_who_hums_and_then_speaks_is_not_waited_for_longer_afterwards() -> None:
    stage = Stage(delay_s=0.06)
    stage.audible = lambda now: now < 2.0
    hums, asks = stage.words.windows("a memo"), stage.words.windows(QUESTION)
    stage.play(silence(0.3), hums, silence(0.5), stage.words.windows("no wait stop it now"), silence(3), asks)
    assert [turn.text for turn in stage.ended()][-1] == QUESTION
    assert stage.ended()[-1].timings_ms["endpointing_ms"] < 350


def test_what_is_hardly_recognised_over_the_assistant_is_no_turn() -> None:
    class Unsure(ScriptedRecognizer):
        async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
            return Transcription((await super().transcribe(pcm, final=final, before=before)).text, 0.3)

    stage = Stage()
    stage.audible = lambda now: True
    stage.recognizer = Unsure(stage.words, delay_s=0.06)
    assert stage.play(silence(0.3), stage.words.windows("keep steady")) == [Held(), Released()]


class Reminded(ScriptedRecognizer):
    """Notes what was in the audio, and what it was reminded of."""

    def __init__(self, words: Words, *, delay_s: float) -> None:
        super().__init__(words, delay_s=delay_s)
        self.asked: list[tuple[str, str | None]] = []

    async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
        heard = await super().transcribe(pcm, final=final, before=before)
        self.asked.append((heard.text, before.text if before is not None else None))
        return heard


@pytest.mark.parametrize(
    ("delay_s", "rest"),
    [(0.1, "change my plan today?"), (0.9, "today?")],  # the first part is recognised before the rest begins, or later
)
def test_a_recogniser_is_reminded_of_what_the_same_audio_began_with(delay_s: float, rest: str) -> None:
    stage = Stage(over=lambda text: 0.9 if text.endswith("?") else 0.05)
    stage.recognizer = recognizer = Reminded(stage.words, delay_s=delay_s)
    said = stage.words.windows("I want to know whether I can")
    stage.play(silence(0.3), said, silence(0.8), stage.words.windows(rest))
    assert recognizer.asked[0][1] is None
    assert any(before is not None for _, before in recognizer.asked)
    for heard, before in recognizer.asked:
        assert before is None or heard.startswith(before), "a pause begins new audio"


def test_what_is_shown_after_a_pause_has_what_was_said_before_it() -> None:
    stage = Stage(over=lambda text: 0.9 if text.endswith("?") else 0.05, delay_s=0.1)
    before = "I want to know whether I can"
    stage.play(silence(0.3), stage.words.windows(before), silence(0.8), stage.words.windows("change my plan today?"))
    paused_at = 0.3 + 7 * 0.256 + 0.8
    shown = [event.text for at, event in stage.events if isinstance(event, Heard) and at > paused_at]
    assert len(shown) > 1
    assert all(text.startswith(before) for text in shown)


def test_who_was_cut_short_is_waited_for_longer_and_less_with_each_turn() -> None:
    stage = Stage(delay_s=0.06)
    again = [part for _ in range(3) for part in (silence(4), stage.words.windows(QUESTION))]
    stage.play(
        silence(0.3), stage.words.windows(QUESTION), silence(0.7), stage.words.windows("on my new phone"), *again
    )
    first, _, next_one, _, last = [turn.timings_ms["endpointing_ms"] for turn in stage.ended()]
    assert first < 350
    assert next_one > 450
    assert last < 350


@pytest.mark.parametrize(
    ("begins", "over", "waited_for"),
    [("I want to change our plan", 0.9, True), ("I want to change our", 0.05, False)],
)
def test_who_pauses_where_others_are_done_is_waited_for_longer(begins: str, over: float, waited_for: bool) -> None:
    stage = Stage(over=lambda text: over if text == begins else 0.9, delay_s=0.06)
    rest, asks = stage.words.windows("for my whole team"), stage.words.windows(QUESTION)
    stage.play(silence(0.3), stage.words.windows(begins), silence(0.5), rest, silence(4), asks)
    assert [turn.text for turn in stage.ended()] == [f"{begins} for my whole team", QUESTION]
    assert (stage.ended()[-1].timings_ms["endpointing_ms"] > 380) is waited_for


def test_a_pause_in_which_nothing_was_judged_is_no_habit() -> None:
    stage = Stage(delay_s=0.06)

    def recognised_within(seconds: float) -> Iterator[Window]:
        stage.recognizer.delay_s = seconds
        yield from ()

    slow, pause, quick = recognised_within(0.6), silence(0.45), recognised_within(0.06)
    said = [slow, stage.words.windows("how do I"), pause, quick, stage.words.windows("change it again?")]
    stage.play(
        silence(0.3), stage.words.windows(QUESTION), silence(4), *said, silence(4), stage.words.windows(QUESTION)
    )
    assert len(stage.ended()) == 3
    assert stage.ended()[-1].timings_ms["endpointing_ms"] < 350


def test_a_turn_is_as_sure_as_the_least_sure_part_of_it() -> None:
    class Doubtful(ScriptedRecognizer):
        async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
            text = (await super().transcribe(pcm, final=final, before=before)).text
            return Transcription(text, {"I want to": 0.5, "have a": 0.8}.get(text, 0.9))

    stage = Stage(over=lambda text: 0.9 if text.endswith("?") else 0.05)
    stage.recognizer = Doubtful(stage.words, delay_s=0.06)
    parts = [
        part for text in ("I want to", "have a", "new plan?") for part in (stage.words.windows(text), silence(0.8))
    ]
    stage.play(silence(0.3), *parts)
    assert [(turn.text, turn.confidence) for turn in stage.ended()] == [("I want to have a new plan?", 0.5)]
    expected = [event for _, event in stage.events if isinstance(event, Expected)]
    assert expected[-1] == Expected("I want to have a new plan?", 0.5, paused=True)


@pytest.mark.parametrize(("said", "within_s"), [("Let me talk to a person", 0.35), ("I want to change our plan", 0.65)])
def test_a_request_is_over_as_soon_as_a_question_is(said: str, within_s: float) -> None:
    stage = Stage(delay_s=0.1)
    stage.play(silence(0.3), stage.words.windows(said), silence(1))
    [ended] = stage.ended()
    assert within_s - 0.1 < ended.timings_ms["endpointing_ms"] / 1000 <= within_s
