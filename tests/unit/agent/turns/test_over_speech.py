"""A caller over the assistant's voice is told from its echo by what goes on when it is held."""

import pytest

from insta_voice.agent.turns.meaning import Saying
from insta_voice.agent.turns.over_speech import OverSpeech
from insta_voice.agent.turns.overlap import Move
from insta_voice.agent.turns.ports import WINDOW_S, Window
from insta_voice.agent.turns.words import TurnWords
from insta_voice.languages import ENGLISH

LOUD = b"\x00\x10\x00\xf0" * 256


@pytest.mark.parametrize(
    ("heard_before_s", "voiced_s", "move"),
    [
        (0.0, 0.3, None),
        (0.0, 0.6, Move.YIELD),
        (4.0, 0.3, Move.YIELD),
    ],
)
def test_words_are_trusted_where_the_microphone_was_seen_not_to_hear_the_assistant(
    heard_before_s: float, voiced_s: float, move: Move | None
) -> None:
    over = OverSpeech(lambda: True, lambda: Saying("Open the sign-in page."), TurnWords(ENGLISH))
    for _ in range(round(heard_before_s / WINDOW_S)):
        over.echoes(Window(bytes(1024), 0.01))
    over.turn_opens()
    assert over.passed(WINDOW_S, 0.1, 0.0) is Move.HOLD
    assert over.heard("Wait, I have", 0.9, voiced_s, LOUD) is move
    assert over.undecided is (move is None)


def test_an_echo_that_was_known_by_its_words_is_no_voice_from_then_on() -> None:
    over = OverSpeech(lambda: True, lambda: Saying("Open the sign-in page."), TurnWords(ENGLISH))
    over.turn_opens()
    over.passed(WINDOW_S, 0.1, 0.0)
    soft = b"\x00\x02\x00\xfe" * 256
    assert over.heard("Open the sign", 0.9, 0.7, soft) is Move.RELEASE
    assert over.echoes(Window(soft, 0.9))
    assert not over.echoes(Window(LOUD, 0.9))
    assert over.turn_over() is None
