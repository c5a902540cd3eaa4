"""Which words may be misspelt, and which word of the articles is taken for one."""

import pytest

from insta_voice.knowledge.letters import changed_letters
from insta_voice.knowledge.spelling import Spelling, is_in_english, misspelt_of, spelled_right


@pytest.mark.parametrize(
    ("question", "misspelt"),
    [
        ("How do I chnage my pasword?", {"chnage", "pasword"}),
        ("Invoise, please. Pasword too", {"invoise", "pasword"}),
        ("why was I charged twice, changing plans and boxes", set()),
        ("does it work with Zendesk and Klarna", set()),
        ("they'll say I havent, I couldn't", set()),
        ("teh bil of q4report", set()),
        ("my login, the invoice and how I upload to canva", set()),
        ("lorrem ippsum dollor sitt ammet conssectetur addipiscing", set()),
    ],
)
def test_what_is_english_or_may_be_a_name_is_not_misspelt(question: str, misspelt: set[str]) -> None:
    assert misspelt_of(question) == misspelt


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("chnage my pasword", True),
        ("cancel subscribtion", True),
        ("¿Cuánto cuesta?", False),
        ("Rechnung zahlen", False),
    ],
)
def test_a_question_in_another_language_is_told_from_one_that_is_misspelt(question: str, english: bool) -> None:
    assert is_in_english(question) == english


@pytest.mark.parametrize(
    ("asked", "words", "searched"),
    [
        ("chnage it", ["change", "charge"], "change it"),
        ("the Pasword?", ["password", "passport"], "the Pasword?"),
        ("Pasword!", ["password", "passport"], "password!"),
        ("an invoise", ["invoice", "invoices", "noise"], "an invoice"),
        ("two invoises", ["invoice", "invoices"], "two invoices"),
        ("my subscribtoin", ["subscription", "subscriptions", "description"], "my subscription"),
        ("thier plan", ["tier", "their"], "their plan"),
        ("the recieved mail", ["relieved", "received"], "the received mail"),
    ],
)
def test_the_nearest_word_takes_the_place_of_one_that_is_misspelt(asked: str, words: list[str], searched: str) -> None:
    spellings = [Spelling(heard, word, word.rstrip("s")) for heard in misspelt_of(asked) for word in words]
    assert spelled_right(asked, spellings, {}) == searched


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("an avocado", ["invoice", "advocate", "account"]),
        ("a requisiteness", ["prerequisite"]),
        ("to chanje", ["change", "chance"]),
        ("the lisence", ["license", "silence"]),
    ],
)
def test_a_word_that_is_not_near_enough_or_as_near_as_another_is_left(asked: str, words: list[str]) -> None:
    spellings = [Spelling(heard, word, word) for heard in misspelt_of(asked) for word in words]
    assert spellings
    assert spelled_right(asked, spellings, {}) == asked


def test_what_is_like_a_name_is_left_to_that() -> None:
    spellings = [Spelling("websphear", "webspear", "webspear"), Spelling("pasword", "password", "password")]
    names = {"websphear": "WebSphere", "pasword": "Password"}
    assert spelled_right("websphear pasword", spellings, names) == "websphear password"


@pytest.mark.parametrize(
    ("a", "b", "letters"),
    [("change", "change", 0), ("chnage", "change", 1), ("pasword", "password", 1), ("abcd", "badc", 2), ("", "abc", 3)],
)
def test_letters_that_differ_are_counted(a: str, b: str, letters: int) -> None:
    assert changed_letters(a, b) == changed_letters(b, a) == letters
