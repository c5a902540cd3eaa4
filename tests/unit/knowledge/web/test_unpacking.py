"""Gzip is unpacked as far as is wanted and no further."""

import gzip

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.web.unpacking import Unpacker, unpack_whole


def test_pieces_of_any_size_make_the_whole() -> None:
    text = b"How to reset a password. " * 100
    packed = gzip.compress(text)
    unpacker = Unpacker()
    pieces = [unpacker.unpack(packed[at : at + 7], 10_000) for at in range(0, len(packed), 7)]
    assert b"".join(pieces) == text
    assert unpacker.is_whole


def test_of_a_bomb_no_more_is_unpacked_than_was_asked() -> None:
    packed = gzip.compress(bytes(50_000_000))
    assert len(packed) < 100_000
    assert len(Unpacker().unpack(packed, 1001)) == 1001
    with pytest.raises(InvalidInputError, match="larger than"):
        unpack_whole(packed, 1_000_000)


def test_members_in_a_row_are_one_file_and_what_is_behind_them_is_ignored() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert unpack_whole(packed + b"\x00\x00", 100) == b"one two"


@pytest.mark.parametrize(
    ("packed", "why"),
    [(gzip.compress(b"text" * 50)[:-9], "cut off"), (b"\x1f\x8bnot gzip", "broken"), (b"", "cut off")],
)
def test_what_is_broken_is_said(packed: bytes, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        unpack_whole(packed, 1000)
