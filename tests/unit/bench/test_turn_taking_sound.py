"""What becomes of a plan on its way to sound, with a voice of tones in the place of a real one."""

import numpy as np
import pytest
from bench.turn_taking.alignment import meeting_places
from bench.turn_taking.plan import FOR_EVER_S, Must, Plan
from bench.turn_taking.render import render
from bench.turn_taking.shaping import at_level, by_telephone, quietest, sounding, with_pause
from bench.turn_taking.sounds import RATE_HZ, SOUNDS

from insta_voice.voice.local.audio import Samples, from_pcm16, speech_level_dbfs

_WORD_S, _GAP_S = 0.3, 0.04


def _tone(hz: float, seconds: float) -> Samples:
    return np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE_HZ)) / RATE_HZ).astype(np.float32) * 0.3


def _say(text: str, speed: float, pitch: float) -> Samples:
    """Each word is a tone, by its letters; the last one is drawn out."""
    words = text.split()
    parts = []
    for number, word in enumerate(words, 1):
        hz = 200 + 173 * (sum(map(ord, word.strip(",.?").lower())) % 20)
        parts += [
            _tone(hz, _WORD_S * (1.3 if number == len(words) else 1.0)),
            np.zeros(int(_GAP_S * RATE_HZ), np.float32),
        ]
    return np.concatenate(parts)


def _plan(text: str, **fields: object) -> Plan:
    fields = {"must": Must.END_ONCE, "begins_s": 1.0, **fields}
    return Plan("case-00", "case", "", seed="1/case/0", text=text, **fields)  # type: ignore[arg-type]


def test_the_same_plan_is_the_same_sound() -> None:
    plan = _plan("how do I | add a seat", pauses_s=(0.6,), echo_db=-25.0, assistant_says="you can", telephone=True)
    assert render(plan, _say).pcm == render(plan, _say).pcm


def test_a_pause_lies_between_the_words_it_was_planned_between() -> None:
    case = render(_plan("how do I | add a seat", pauses_s=(0.6,)), _say)
    (start_s, end_s), words_s = case.gaps_s[0], 3 * (_WORD_S + _GAP_S)
    assert end_s - start_s == pytest.approx(0.6, abs=0.001)
    assert 1.0 + words_s - _GAP_S - 0.01 <= start_s <= 1.0 + words_s + 0.01
    assert case.sounds_from_s == pytest.approx(1.0, abs=0.021)
    assert case.sounds_until_s == pytest.approx(1.0 + 6 * (_WORD_S + _GAP_S) + 0.6 + 0.09 - _GAP_S, abs=0.021)
    heard = from_pcm16(case.pcm)
    quiet = heard[int((start_s + 0.05) * RATE_HZ) : int((end_s - 0.05) * RATE_HZ)]
    assert 10 * np.log10(np.square(quiet).mean()) == pytest.approx(-60, abs=1)


def test_each_of_several_pauses_is_where_it_was_planned() -> None:
    case = render(_plan("one two, | three four, | five six", pauses_s=(0.3, 0.5)), _say)
    first, second = case.gaps_s
    assert first[0] == pytest.approx(1.0 + 2 * (_WORD_S + _GAP_S), abs=_GAP_S)
    assert second[0] == pytest.approx(1.0 + 4 * (_WORD_S + _GAP_S) + 0.3, abs=_GAP_S)


def test_the_caller_is_as_loud_as_planned_and_the_echo_beside_a_caller_as_quiet() -> None:
    caller = render(_plan("how do I", level_dbfs=-24.0), _say)
    assert speech_level_dbfs(from_pcm16(caller.pcm), RATE_HZ) == pytest.approx(-24, abs=0.5)
    listening = _plan(
        "", must=Must.LET_BE, echo_db=-15.0, assistant_says="you can add seats", assistant_until_s=FOR_EVER_S
    )
    echo = render(listening, _say)
    assert speech_level_dbfs(from_pcm16(echo.pcm), RATE_HZ) == pytest.approx(-35, abs=0.5)


def test_parts_meet_where_the_sentence_has_them_though_their_last_words_are_shorter_there() -> None:
    whole = _say("the invoice from march is missing", 1, 1)
    (found,) = meeting_places([_say(part, 1, 1) for part in ("the invoice from march", "is missing")], whole)
    assert found / RATE_HZ == pytest.approx(4 * (_WORD_S + _GAP_S) - _GAP_S / 2, abs=_GAP_S)


def test_a_pause_is_silent_and_takes_nothing_away() -> None:
    tone = _tone(300, 1.0)
    paused = with_pause(tone, RATE_HZ // 2, 0.25)
    assert paused.size == tone.size + RATE_HZ // 4
    assert not paused[RATE_HZ // 2 : RATE_HZ * 3 // 4].any()


def test_the_quietest_place_is_the_gap() -> None:
    track = np.concatenate([_tone(300, 0.5), np.zeros(RATE_HZ // 20, np.float32), _tone(500, 0.5)])
    assert 0.5 <= quietest(track, int(0.3 * RATE_HZ), int(0.8 * RATE_HZ)) / RATE_HZ <= 0.55


def test_a_telephone_lets_through_what_lies_between_300_and_3400_hz() -> None:
    levels = [speech_level_dbfs(by_telephone(_tone(hz, 1.0)), RATE_HZ) for hz in (100, 1000, 5000)]
    assert levels[1] == pytest.approx(speech_level_dbfs(_tone(1000, 1.0), RATE_HZ), abs=0.5)
    assert max(levels[0], levels[2]) < levels[1] - 40


@pytest.mark.parametrize("name", SOUNDS)
def test_a_noise_is_heard_and_differs_from_the_next_one(name: str) -> None:
    first, again, other = (SOUNDS[name](np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:1000], other[:1000])
    start, end = sounding(at_level(first, -20))
    assert 0.1 < (end - start) / RATE_HZ < 3
