"""The end of a voice is noticed by its loudness, sooner than Silero lets go of it."""

import numpy as np

from insta_voice.agent.turns.levels import NoiseFloor, level_dbfs
from insta_voice.agent.turns.ports import Window
from insta_voice.agent.turns.segment import Segment

_RANDOM = np.random.default_rng(seed=1)


def _noise(dbfs: float) -> bytes:
    return (_RANDOM.standard_normal(512) * 32768 * 10 ** (dbfs / 20)).astype("<i2").tobytes()


def test_the_level_is_that_of_the_samples() -> None:
    assert abs(level_dbfs(_noise(-40)) + 40) < 1
    assert level_dbfs(bytes(1024)) < -100
    assert level_dbfs(b"") < -100


def test_what_is_no_louder_than_the_room_is_over_whatever_silero_says() -> None:
    floor = NoiseFloor()
    assert not floor.is_over(_noise(-50), 0.9), "until the room was heard nothing is"
    for _ in range(20):
        floor.is_over(_noise(-50), 0.01)
    assert floor.is_over(_noise(-50), 0.9)
    assert not floor.is_over(_noise(-40), 0.9)


def test_a_cough_does_not_raise_the_floor_and_a_quiet_moment_lowers_it() -> None:
    floor = NoiseFloor()
    for _ in range(20):
        floor.is_over(_noise(-50), 0.01)
    floor.is_over(_noise(-20), 0.05)
    assert not floor.is_over(_noise(-45), 0.9)
    for _ in range(8):
        floor.is_over(_noise(-70), 0.01)
    assert not floor.is_over(_noise(-60), 0.9)


def test_a_muted_microphone_is_no_floor_that_everything_is_above() -> None:
    floor = NoiseFloor()
    for _ in range(5):
        floor.is_over(bytes(1024), 0.0)
    assert floor.is_over(_noise(-79), 0.9)


def test_a_segment_is_silent_from_the_last_sound_on() -> None:
    segment = Segment()
    for _ in range(20):
        segment.push(Window(_noise(-60), 0.01))
    for _ in range(10):
        segment.push(Window(_noise(-20), 0.95))
    assert segment.open
    for _ in range(3):  # as long as Silero still believes in it
        segment.push(Window(_noise(-60), 0.9))
    assert segment.silence_s > 0.09


def test_an_echo_is_neither_a_voice_nor_the_noise_of_the_room() -> None:
    """Story: an echo that was taken out of the windows taught the room's level, and its caller was no louder."""
    segment = Segment()
    for _ in range(20):
        segment.push(Window(_noise(-60), 0.01))
    for _ in range(40):
        segment.push(Window(_noise(-30), 0.95), nobodys=True)
    assert not segment.open
    for _ in range(5):
        segment.push(Window(_noise(-28), 0.95))
    assert segment.open
