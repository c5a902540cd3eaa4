"""Text is Unicode or refused: what is guessed wrong is read out to callers."""

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.decoding import decode


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
