"""The caller's voice over the assistant's: what holds it, what lets it go on, what takes its turn."""

import pytest

from insta_voice.agent.turns.echo import EchoFloor, is_echo
from insta_voice.agent.turns.meaning import Meaning, Saying, meaning_of, only_listens
from insta_voice.agent.turns.overlap import Move, Overlap
from insta_voice.agent.turns.ports import WINDOW_S
from insta_voice.agent.turns.words import TurnWords, plain_words
from insta_voice.languages import ENGLISH, GERMAN, SPANISH, Language

ANSWER = Saying("To reset your password, open the sign-in page. Then choose Forgot password.")
OFFER = Saying("I did not find that. Shall I open a ticket for you?", asks=True)


@pytest.mark.parametrize(
    ("text", "confidence", "voiced_s", "meaning"),
    [
        ("", None, 0.3, Meaning.UNCLEAR),
        ("", None, 1.0, Meaning.LISTENS),
        ("Mm-hmm.", 0.9, 0.4, Meaning.LISTENS),
        ("A memo.", 0.9, 0.4, Meaning.LISTENS),
        ("Okay, right.", 0.9, 0.6, Meaning.LISTENS),
        ("Wait.", 0.9, 0.3, Meaning.SPEAKS),
        ("No, I meant", 0.9, 0.4, Meaning.SPEAKS),
        ("No, I meant", None, 0.4, Meaning.SPEAKS),
        ("Okay, but how", 0.9, 0.6, Meaning.SPEAKS),
        ("My invoice is", 0.3, 0.5, Meaning.UNCLEAR),
        ("My invoice is wrong", 0.3, 1.0, Meaning.SPEAKS),
        ("Invoice", 0.9, 0.3, Meaning.UNCLEAR),
        ("Invoice", 0.9, 0.6, Meaning.SPEAKS),
        ("reset your password", 0.9, 0.8, Meaning.ECHOES),
        ("password", 0.9, 0.6, Meaning.UNCLEAR),
        ("password", 0.9, 0.9, Meaning.SPEAKS),
        ("Reset, you", 0.9, 0.5, Meaning.ECHOES),
        ("How do", 0.9, 0.4, Meaning.SPEAKS),
        ("How do I reset my password", None, 1.0, Meaning.SPEAKS),
    ],
)
def test_what_is_said_over_an_answer(text: str, confidence: float | None, voiced_s: float, meaning: Meaning) -> None:
    assert meaning_of(text, confidence, voiced_s, ANSWER, TurnWords(ENGLISH)) is meaning


@pytest.mark.parametrize(
    ("text", "saying", "meaning"),
    [
        ("Yes.", OFFER, Meaning.SPEAKS),
        ("Yes, please.", OFFER, Meaning.SPEAKS),
        ("Mm-hmm.", OFFER, Meaning.LISTENS),
        ("Yes.", ANSWER, Meaning.LISTENS),
    ],
)
def test_yes_is_a_reply_to_a_question_only(text: str, saying: Saying, meaning: Meaning) -> None:
    assert meaning_of(text, 0.9, 0.4, saying, TurnWords(ENGLISH)) is meaning


@pytest.mark.parametrize(
    ("text", "saying", "listens"),
    [
        ("Password.", ANSWER, True),
        ("Then choose", ANSWER, True),
        ("Invoices.", ANSWER, False),
        ("My password does not work", ANSWER, False),
        ("Okay.", ANSWER, True),
        ("Yes.", OFFER, False),
        ("Open.", OFFER, True),
        ("Yes.", Saying("Shall I open one, yes or no?", asks=True), False),
    ],
)
def test_a_turn_of_one_word_that_is_being_said_is_its_echo(text: str, saying: Saying, listens: bool) -> None:
    assert only_listens(text, 0.4, saying, TurnWords(ENGLISH)) is listens


@pytest.mark.parametrize(
    ("language", "text"), [(ENGLISH, "Stop!"), (GERMAN, "Moment."), (SPANISH, "Espera."), (GERMAN, "Ja, aber")]
)
def test_who_wants_to_speak_is_known_by_the_first_word(language: Language, text: str) -> None:
    assert meaning_of(text, 0.9, 0.3, Saying(), TurnWords(language)) is Meaning.SPEAKS


def _pass(overlap: Overlap, seconds: float, *, voiced_s: float = 1.0, silence_s: float = 0.0) -> list[Move]:
    moves = (overlap.passed(WINDOW_S, voiced_s, silence_s) for _ in range(round(seconds / WINDOW_S)))
    return [move for move in moves if move is not None]


def test_the_voice_is_held_at_once_and_once() -> None:
    overlap = Overlap()
    assert _pass(overlap, 0.3) == [Move.HOLD]
    assert overlap.heard(Meaning.UNCLEAR) is None
    assert overlap.heard(Meaning.LISTENS) is Move.RELEASE
    assert overlap.heard(Meaning.ECHOES) is None
    assert _pass(overlap, 3.0) == [], "who hums on does not hold it again"
    assert overlap.heard(Meaning.LISTENS) is None
    assert overlap.heard(Meaning.SPEAKS) is Move.YIELD
    assert overlap.heard(Meaning.LISTENS) is overlap.over() is None
    assert _pass(overlap, 3.0) == []


def test_a_cough_lets_it_go_on_as_soon_as_it_is_over() -> None:
    overlap = Overlap()
    assert _pass(overlap, 0.1, voiced_s=0.13) == [Move.HOLD]
    assert _pass(overlap, 0.05, voiced_s=0.13, silence_s=0.06) == []
    assert _pass(overlap, 0.05, voiced_s=0.13, silence_s=0.12) == [Move.RELEASE]


def test_what_stops_when_the_assistant_stops_lets_it_go_on() -> None:
    overlap = Overlap()
    assert _pass(overlap, 0.1, voiced_s=0.4) == [Move.HOLD]
    assert _pass(overlap, 0.05, voiced_s=0.4, silence_s=0.2) == []
    assert _pass(overlap, 0.05, voiced_s=0.4, silence_s=0.26) == [Move.RELEASE]


def test_a_recogniser_that_is_late_does_not_hold_it_for_long() -> None:
    overlap = Overlap()
    assert _pass(overlap, 0.8) == [Move.HOLD]
    assert _pass(overlap, 0.3) == [Move.RELEASE]
    assert overlap.heard(Meaning.SPEAKS) is Move.YIELD, "and it yields when the words are there"


def test_a_turn_that_is_over_holds_nothing() -> None:
    overlap = Overlap()
    _pass(overlap, 0.1)
    assert overlap.over() is Move.RELEASE
    assert overlap.over() is None


def test_an_echo_says_what_is_being_said_in_its_order() -> None:
    saying = plain_words("to reset your password open the sign in page")
    assert is_echo(plain_words("reset your password open"), saying)
    assert is_echo(plain_words("reset your passport open the sign"), saying), "a word of it may be misheard"
    assert is_echo(plain_words("reset blue password green open"), saying), "of many, two of five"
    assert not is_echo(plain_words("reset blue password"), saying)
    assert not is_echo(plain_words("password password"), saying), "it is said once"
    assert not is_echo(["password"], saying), "one word may be the caller's"
    assert not is_echo(plain_words("my password does not open the page"), saying)
    assert not is_echo(plain_words("page sign the open"), saying)
    assert not is_echo([], saying)


def _tone(level: float) -> bytes:
    return (int(32768 * level).to_bytes(2, "little", signed=True)) * 512


def test_what_is_no_louder_than_an_echo_was_is_one() -> None:
    floor = EchoFloor()
    assert not floor.masks(_tone(0.015)), "no echo was heard yet"
    floor.learn(_tone(0.01))
    assert floor.masks(_tone(0.01))
    assert floor.masks(_tone(0.018))
    assert not floor.masks(_tone(0.021))
    floor.learn(_tone(0.002))
    assert floor.masks(_tone(0.018)), "the loudest counts"


def test_a_caller_who_repeats_the_assistant_is_still_heard() -> None:
    """Story: "Right." was taken for an echo of "write", and from then on its caller could not interrupt."""
    floor = EchoFloor()
    floor.learn_caller(_tone(0.1))
    floor.learn(_tone(0.1))
    assert not floor.masks(_tone(0.1))
    assert not floor.masks(_tone(0.04))
    assert floor.masks(_tone(0.03))


def test_who_is_far_softer_than_this_caller_is_somebody_else() -> None:
    floor = EchoFloor()
    assert floor.masks(_tone(0.006))
    floor.learn_caller(_tone(0.1))
    assert floor.masks(_tone(0.003))
    assert not floor.masks(_tone(0.006)), "a soft caller is heard"
