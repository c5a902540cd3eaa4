"""What is spoken first is short and ends where a speaker would breathe; nothing is lost or said twice."""

import pytest

from insta_voice.voice.local.clauses import (
    FIRST_CLAUSE_CHARS,
    LATER_PIECE_CHARS,
    PAUSE_CLAUSE_S,
    PAUSE_SENTENCE_S,
    ClauseFeed,
    first_clause,
    split_for_speech,
)

ANSWER = (
    "To reset your password, open Settings, then Security. You will get an email with a link, e.g. from Dr. Smith. "
    "It costs $3.50 a month! Is that all? Yes."
)
LONG = "You can export every invoice of this year as a file " + "that your accountant reads " * 12 + "today."


def texts(text: str) -> list[str]:
    return [piece.text for piece in split_for_speech(text)]


def test_the_first_clause_is_split_off_and_sentences_follow_whole():
    assert texts(ANSWER) == [
        "To reset your password,",
        "open Settings, then Security.",
        "You will get an email with a link, e.g. from Dr. Smith.",
        "It costs $3.50 a month!",
        "Is that all?",
        "Yes.",
    ]


@pytest.mark.parametrize("text", ["Sure.", "Yes, sure.", "No.", "Thanks, bye!", "Your plan is Team."])
def test_a_short_sentence_stays_whole(text):
    assert texts(text) == [text]


def test_a_first_sentence_without_punctuation_is_cut_before_a_conjunction():
    text = "Open the billing page of your workspace in the browser and choose the plan that fits your whole team best."
    first = texts(text)[0]
    assert first == "Open the billing page of your workspace in the browser"


@pytest.mark.parametrize("text", [ANSWER, LONG, "a" * 1000, "word " * 500, "One.\nTwo\n\nThree.", " ... ", ""])
def test_nothing_is_lost_and_every_piece_is_bounded(text):
    pieces = split_for_speech(text)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())
    assert all(text[piece.start : piece.end].strip() == piece.text for piece in pieces)
    # The first clause may carry the space before it; a piece is at most as long as its window.
    assert all(len(piece.text) <= LATER_PIECE_CHARS[1] for piece in pieces)


def test_pauses_follow_the_punctuation_before():
    pauses = [piece.pause_before_s for piece in split_for_speech("If so, wait. Then go on, and on. End.")]
    assert pauses[0] == 0
    assert PAUSE_SENTENCE_S in pauses
    assert [p.pause_before_s for p in split_for_speech("open it.", after="First,")] == [PAUSE_CLAUSE_S]


def test_speech_that_goes_on_has_no_short_first_clause():
    assert [p.text for p in split_for_speech("If you can, open it now.", after="Hello.")] == [
        "If you can, open it now."
    ]


def test_tokens_are_spoken_as_soon_as_a_clause_is_certain():
    feed = ClauseFeed()
    spoken: list[tuple[int, str]] = []
    tokens = [token + " " for token in ANSWER.split(" ")]
    for number, token in enumerate(tokens):
        spoken += [(number, text) for text in feed.push(token)]
    spoken += [(len(tokens), text) for text in feed.flush()]
    assert [text for _, text in spoken] == texts(ANSWER)
    first_at, first = spoken[0]
    assert first == "To reset your password,"
    assert first_at == 3, "with the clause, not at the end of the sentence"


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Open Settings, choose Members", "Open Settings,"),
        ("Open Settings, ok", ""),
        ("Open Settings,", ""),
        ("Yes, open Settings", ""),
        ("Sure! Open Settings", ""),
        ("Open the billing page of your own workspace in the browser you use and choose Members", ""),
    ],
)
def test_a_first_clause_is_one_that_is_spoken_by_itself(text: str, clause: str) -> None:
    assert first_clause(text) == clause


def test_a_price_that_arrives_in_two_tokens_is_not_cut():
    feed = ClauseFeed()
    spoken = feed.push("It costs 3.") + feed.push("50 a month. ") + feed.flush()
    assert spoken == ["It costs 3.50 a month."]


def test_the_window_of_the_first_clause_holds():
    first = texts("When the page has loaded completely, choose Export and wait for the mail to come.")[0]
    assert FIRST_CLAUSE_CHARS[0] <= len(first) <= FIRST_CLAUSE_CHARS[1]
