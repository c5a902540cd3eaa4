"""What the bench takes for silence, for ducking and for a hole in an answer: made sound, a frame every 10 ms."""

import numpy as np
import pytest
from bench.latency.sound import (
    FRAME_MS,
    Levels,
    first_sound_ms,
    levels_dbfs,
    longest_hole_ms,
    quiet_after_ms,
    speech_level_dbfs,
    timeline,
    trimmed,
)

from insta_voice.demo.ear import Frame
from insta_voice.demo.microphone import SAMPLE_RATE_HZ, Pcm


def heard(*pieces: tuple[float, float]) -> Levels:
    """Levels of pieces one after the other: so many milliseconds at so many dBFS."""
    return np.concatenate([np.full(round(ms / FRAME_MS), dbfs) for ms, dbfs in pieces])


def tone(ms: float, dbfs: float) -> Pcm:
    at_s = np.arange(round(ms * SAMPLE_RATE_HZ / 1000)) / SAMPLE_RATE_HZ
    peak = 32768 * 10 ** (dbfs / 20) * np.sqrt(2)
    return np.asarray(peak * np.sin(2 * np.pi * 500 * at_s)).astype(np.int16)


def test_levels_are_those_of_each_hundredth_of_a_second() -> None:
    levels = levels_dbfs(np.concatenate([tone(30, -20), tone(20, -50), np.zeros(480, np.int16)]))
    assert levels == pytest.approx([-20, -20, -20, -50, -50, -120], abs=0.2)


def frames(*arrived_s: float, dbfs: float = -20) -> list[Frame]:
    return [Frame(at_s, tone(10, dbfs)) for at_s in arrived_s]


def test_frames_that_were_handed_over_late_are_put_where_they_were_heard() -> None:
    """The second to the fifth arrive together when the fifth is due."""
    heard = frames(10.00, 10.04, 10.04, 10.04, 10.04, 10.05)
    assert first_sound_ms(timeline(heard, 9.9, 10.2)) == 100
    assert np.count_nonzero(timeline(heard, 9.9, 10.2) > -45) == 6
    assert np.nonzero(timeline(heard, 10.02, 10.2) > -45)[0].tolist() == [0, 1, 2, 3]


def test_what_did_not_arrive_is_silence() -> None:
    levels = timeline(frames(10.00, 10.01) + frames(10.50), 10.0, 10.6)
    assert np.nonzero(levels > -45)[0].tolist() == [0, 1, 50]
    assert first_sound_ms(timeline([], 10.0, 10.6)) is None
    assert first_sound_ms(timeline(frames(10.0, dbfs=-50), 10.0, 10.6)) is None


def test_an_utterance_ends_where_its_speech_does() -> None:
    quiet = np.zeros(SAMPLE_RATE_HZ // 10, np.int16)
    spoken = np.concatenate([tone(200, -20), quiet, tone(100, -40)])
    assert trimmed(np.concatenate([quiet, spoken, tone(100, -50), quiet])).size == spoken.size
    assert trimmed(quiet).size == 0


def test_it_is_silent_from_the_last_sound_on() -> None:
    assert quiet_after_ms(heard((310, -20), (500, -70)), spoken_ms=700) == 310
    assert quiet_after_ms(heard((500, -70)), spoken_ms=400) == 0


def test_a_gap_between_two_words_is_no_silence() -> None:
    assert quiet_after_ms(heard((100, -20), (190, -70), (300, -20), (200, -70)), spoken_ms=0) == 590
    assert quiet_after_ms(heard((100, -20), (190, -70)), spoken_ms=0) is None


def test_a_pause_after_which_it_talks_over_the_caller_is_no_silence() -> None:
    goes_on = heard((100, -20), (300, -70), (400, -20), (900, -70))
    assert quiet_after_ms(goes_on, spoken_ms=1_000) == 800
    assert quiet_after_ms(goes_on, spoken_ms=400) == 100  # what follows is its answer
    assert quiet_after_ms(heard((100, -20), (300, -70), (900, -20)), spoken_ms=1_000) is None


def test_ducked_is_quieter_before_it_is_silent() -> None:
    levels = heard((120, -18), (300, -32), (800, -70))
    assert speech_level_dbfs(heard((700, -18), (300, -60))) == -18
    assert quiet_after_ms(levels, spoken_ms=900, below_dbfs=-30) == 120
    assert quiet_after_ms(levels, spoken_ms=900) == 420


def test_a_hole_has_sound_on_both_sides_and_begins_soon() -> None:
    levels = heard((200, -20), (300, -70), (500, -20), (900, -70), (100, -20), (2_000, -70))
    assert longest_hole_ms(levels, begins_within_ms=5_000) == 900
    assert longest_hole_ms(levels, begins_within_ms=1_000) == 300
    assert longest_hole_ms(heard((200, -20)), begins_within_ms=1_000) == 0
