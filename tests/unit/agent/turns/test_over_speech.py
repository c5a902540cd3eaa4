"""A caller over the assistant's voice is told from its echo by what goes on when it is held."""

import pytest

from insta_voice.agent.turns.meaning import Saying
from insta_voice.agent.turns.over_speech import OverSpeech
from insta_voice.agent.turns.overlap import Move
from insta_voice.agent.turns.ports import WINDOW_S, Window
from insta_voice.agent.turns.words import TurnWords
from insta_voice.languages import ENGLISH

LOUD = b"\x00\x10\x00\xf0" * 256
SOFT = b"\x00\x02\x00\xfe" * 256
SAYING = Saying("Open the sign-in page.")


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
    over = OverSpeech(lambda: True, lambda: SAYING, TurnWords(ENGLISH))
    for _ in range(round(heard_before_s / WINDOW_S)):
        over.echoes(Window(bytes(1024), 0.01))
    over.turn_opens()
    assert over.passed(WINDOW_S, 0.1, 0.0) is Move.HOLD
    assert over.heard("Wait, I have", 0.9, voiced_s, LOUD) is move
    assert over.undecided is (move is None)


def test_an_echo_that_was_known_by_its_words_is_no_voice_from_then_on() -> None:
    over = OverSpeech(lambda: True, lambda: SAYING, TurnWords(ENGLISH))
    over.turn_opens()
    over.passed(WINDOW_S, 0.1, 0.0)
    assert over.heard("Open the sign", 0.9, 0.7, SOFT) is Move.RELEASE
    assert over.echoes(Window(SOFT, 0.9))
    assert not over.echoes(Window(LOUD, 0.9))
    assert over.turn_over() is None


def test_who_was_given_the_turn_has_it_whatever_they_say() -> None:
    over = OverSpeech(lambda: True, lambda: SAYING, TurnWords(ENGLISH))
    over.turn_opens()
    assert over.only_listens("Okay.", 0.9, 0.6)
    over.passed(WINDOW_S, 0.1, 0.0)
    assert over.heard("Stop it", 0.9, 0.6, LOUD) is Move.YIELD
    assert not over.only_listens("Okay.", 0.9, 0.6)


class Assistant:
    """Speaks until it is told to be silent."""

    audible = True

    def __call__(self) -> bool:
        return self.audible


def _over(assistant: Assistant) -> OverSpeech:
    return OverSpeech(assistant, lambda: SAYING, TurnWords(ENGLISH))


def _echoes_for(over: OverSpeech, seconds: float, pcm: bytes, voice: float) -> bool:
    """Whether the last window of so many is an echo."""
    return [over.echoes(Window(pcm, voice)) for _ in range(round(seconds / WINDOW_S))][-1]


@pytest.mark.parametrize(("audible", "voice"), [(False, 0.01), (True, 0.9)])
def test_a_microphone_says_nothing_of_an_echo_while_nobody_speaks_or_somebody_is_heard(
    audible: bool, voice: float
) -> None:
    assistant = Assistant()
    over = _over(assistant)
    assistant.audible = audible
    _echoes_for(over, 4.0, LOUD, voice)
    assistant.audible = True
    over.turn_opens()
    over.passed(WINDOW_S, 0.1, 0.0)
    assert over.heard("Wait, I have", 0.9, 0.3, LOUD) is None


def test_an_echo_is_expected_for_as_long_as_the_assistant_speaks_and_a_moment_longer() -> None:
    assistant = Assistant()
    over = _over(assistant)
    over.turn_opens()
    over.heard("Open the sign", 0.9, 0.7, SOFT)
    assert _echoes_for(over, 2.0, SOFT, 0.9)
    assistant.audible = False
    assert _echoes_for(over, 0.3, SOFT, 0.9)
    assert not _echoes_for(over, 0.3, SOFT, 0.9), "a soft caller is heard"


def _stops(over: OverSpeech) -> list[Move]:
    moves = [over.passed(WINDOW_S, 0.4, silence_s) for silence_s in (0.0, 0.26)]
    return [move for move in moves if move is not None]


def test_one_word_of_what_is_being_said_is_an_echo_if_it_stops_when_the_assistant_does() -> None:
    over = _over(Assistant())
    over.turn_opens()
    assert over.passed(WINDOW_S, 0.1, 0.0) is Move.HOLD
    assert over.heard("Page", 0.9, 0.3, SOFT) is None
    assert not over.echoes(Window(SOFT, 0.9)), "it may be the caller"
    assert _stops(over) == [Move.RELEASE]
    assert over.echoes(Window(SOFT, 0.9))


def test_it_is_none_if_more_words_follow() -> None:
    over = _over(Assistant())
    over.turn_opens()
    over.passed(WINDOW_S, 0.1, 0.0)
    over.heard("Page", 0.9, 0.3, SOFT)
    assert over.heard("Page two is empty", 0.9, 0.4, SOFT) is None
    assert _stops(over) == [Move.RELEASE]
    assert not over.echoes(Window(SOFT, 0.9))


def test_what_may_have_been_an_echo_in_one_turn_says_nothing_of_the_next() -> None:
    over = _over(Assistant())
    over.turn_opens()
    over.passed(WINDOW_S, 0.1, 0.0)
    over.heard("Page", 0.9, 0.3, SOFT)
    assert over.turn_over() is Move.RELEASE
    over.turn_opens()
    assert over.passed(WINDOW_S, 0.1, 0.0) is Move.HOLD
    assert _stops(over) == [Move.RELEASE]
    assert not over.echoes(Window(SOFT, 0.9))


@pytest.mark.parametrize(
    ("began_over_it", "audible", "known"), [(False, False, True), (True, False, False), (False, True, False)]
)
def test_how_loud_a_caller_is_is_known_from_turns_in_which_nobody_else_speaks(
    began_over_it: bool, audible: bool, known: bool
) -> None:
    assistant = Assistant()
    over = _over(assistant)
    assistant.audible = began_over_it
    over.turn_opens()
    assistant.audible = audible
    over.hears_caller(b"\x00\x40\x00\xc0" * 256)
    over.turn_over()
    assistant.audible = True
    assert over.echoes(Window(SOFT, 0.9)) is known, "it is far softer than this caller"


def test_who_speaks_on_when_the_assistant_is_done_has_nobody_to_give_way() -> None:
    assistant = Assistant()
    over = _over(assistant)
    over.turn_opens()
    assert over.undecided
    assistant.audible = False
    assert not over.undecided
    assert over.passed(WINDOW_S, 0.1, 0.0) is None


@pytest.mark.parametrize(
    ("said", "saying", "listens"),
    [
        ("60 minutes and can be used one.", Saying("The link works for 60 minutes and can be used once."), True),
        ("The free plan.", Saying("Do you mean the team plan or the free plan?", asks=True), False),
        ("My link.", Saying("The link works for 60 minutes and can be used once."), False),
    ],
)
def test_the_end_of_an_answer_is_its_echo_also_when_it_is_recognised_after_it(
    said: str, saying: Saying, listens: bool
) -> None:
    assistant, now = Assistant(), [saying]
    over = OverSpeech(assistant, lambda: now[-1], TurnWords(ENGLISH))
    over.turn_opens()
    assistant.audible = False
    now.append(Saying())
    assert over.only_listens(said, 0.9, 1.5) is listens
    over.turn_over()
    over.turn_opens()
    assert not over.only_listens(said, 0.9, 1.5), "the next turn begins over nothing"


@pytest.mark.parametrize(
    ("echo_before", "after_s", "said", "listens"),
    [
        (True, 0.4, "Choose forgot password.", True),
        (True, 0.4, "And my other password?", False),
        (True, 1.0, "Choose forgot password.", False),
        (False, 0.4, "Choose forgot password.", False),
    ],
)
def test_where_there_is_an_echo_the_last_words_are_one_also_when_they_come_after_the_voice(
    echo_before: bool, after_s: float, said: str, listens: bool
) -> None:
    assistant, now = Assistant(), [Saying("Open the sign-in page, and choose Forgot password.")]
    over = OverSpeech(assistant, lambda: now[-1], TurnWords(ENGLISH))
    over.turn_opens()
    over.passed(WINDOW_S, 0.1, 0.0)
    over.heard("Open the sign" if echo_before else "Okay", 0.9, 0.7, SOFT)
    over.turn_over()
    over.echoes(Window(bytes(1024), 0.01))
    assistant.audible = False
    now.append(Saying())
    for _ in range(round(after_s / WINDOW_S)):
        over.echoes(Window(bytes(1024), 0.01))
    over.turn_opens()
    assert over.only_listens(said, 0.9, 1.2) is listens
