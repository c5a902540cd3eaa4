"""Numbers in words get their digits behind them; what is only perhaps one stays as it is."""

import pytest

from insta_voice.knowledge.spoken_numbers import with_digits


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("four hundred three", "403"),
        ("four hundred and three", "403"),
        ("four zero three", "403"),
        ("twenty seven thousand, one", "27001"),
        ("Twenty-five", "25"),
        ("two thousand twenty six", "2026"),
        ("five hundred", "500"),
        ("one hundred twenty three thousand four hundred fifty six", "123456"),
    ],
)
def test_a_number_of_several_words_gets_its_digits(said: str, digits: str) -> None:
    assert with_digits(f"error {said} again") == f"error {said} {digits} again"


@pytest.mark.parametrize(
    "said",
    [
        "one or two",
        "three",
        "fourteen eight",
        "one two",
        "a thousandth",
        "none hundreds",
        "five, six and seven users",
        "five, six, seven",
        "twenty and five",
        "one hundred two hundred",
        "one hundred, two hundred and three",
        "two thousand three thousand",
        "five " * 13,
        "hundred " * 2200,
    ],
)
def test_what_is_no_number_of_several_words_stays(said: str) -> None:
    assert with_digits(said) == said
