"""Text is Unicode or refused: what is guessed wrong is read out to callers."""

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.decoding import decode, decode_lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_are_believed(encoding: str) -> None:
    assert decode("Zwölf\r\nEuro\rim Monat".encode(encoding)) == "Zwölf\nEuro\nim Monat"


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_bytes_may_be_in_the_other_order(encoding: str) -> None:
    assert decode("\ufeffZwölf Euro".encode(encoding)) == "Zwölf Euro"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("Zwölf".encode("latin-1"), "not UTF-8 text: save it as UTF-8"),
        ("Zwölf".encode("utf-16")[:-1], "not UTF-8 text"),
        ("Zwolf".encode("utf-16-le"), "zero bytes"),
        (b"\xed\xa0\x80", "not UTF-8 text"),
    ],
)
def test_the_rest_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        decode(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", ["", "\n", "One", "Zwölf\r\nEuro\rim\n\nMonat\n", "a\r\n" * 20_000])
def test_lines_are_those_of_the_whole(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    *lines, last = decode(data).split("\n")
    assert list(decode_lines(data, longest=100)) == ([*lines, last] if last else lines)


def test_a_line_that_is_too_long_is_passed_over_alone() -> None:
    data = ("a" * 10 + "\n" + "b" * 11 + "\r\n" + "c" * 1000 + "\n\n" + "d" * 11).encode()
    assert list(decode_lines(data, longest=10)) == ["a" * 10, None, None, "", None]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("One\nZwölf".encode("latin-1"), "not UTF-8 text: save it as UTF-8"),
        ("One\nZwölf".encode("utf-16")[:-1], "not UTF-8 text"),
        (b"One\n\x00", "zero bytes"),
        (b"longer than ten\x00", "zero bytes"),
    ],
)
def test_a_text_that_ends_to_be_one_is_refused_at_that_line(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        list(decode_lines(data, longest=10))
