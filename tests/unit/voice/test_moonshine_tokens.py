"""Story: a lone "Okay." came out as "Ok Ok Ok Ok", as long as the token limit allowed."""

import pytest

from insta_voice.voice.local.moonshine_tokens import TokenList, repeated_tail


def write_tokens(path, tokens: list[bytes]):
    data = b""
    for token in tokens:
        length = len(token)
        data += bytes([length]) if length < 128 else bytes([128 + length % 128, length // 128])
        data += token
    path.write_bytes(data)
    return TokenList(path)


def test_tokens_of_every_length_are_read_and_joined(tmp_path):
    long = b"x" * 300
    tokens = write_tokens(
        tmp_path / "t", [b"<unk>", b"<s>", b"</s>", "▁Reset".encode(), "▁it".encode(), b"<<ST_1>>", long]
    )
    assert len(tokens) == 7
    assert tokens.text([1, 3, 4, 5, 2]) == "Reset it"
    assert tokens.text([6]) == long.decode()


def test_a_word_has_the_number_of_the_token_that_is_all_of_it(tmp_path):
    tokens = write_tokens(tmp_path / "t", [b"<unk>", b"You", "▁Your".encode(), "▁You".encode()])
    assert tokens.word("You") == 3
    with pytest.raises(ValueError, match="not in list"):
        tokens.word("Thanks")


def test_a_half_character_is_dropped_instead_of_failing(tmp_path):
    tokens = write_tokens(tmp_path / "t", [b"", b"", b"", b"ok", b"\xe2\x96"])
    assert tokens.text([3, 4]) == "ok"


@pytest.mark.parametrize(
    ("ids", "surplus"),
    [
        ([7, 7, 7], 2),
        ([5, 7, 7, 7], 2),
        ([1, 2, 3, 1, 2, 3, 1, 2, 3], 6),
        ([7, 7], 0),
        ([7, 8, 7, 8, 7], 0),
        ([], 0),
    ],
)
def test_a_phrase_said_three_times_in_a_row_stands_once(ids, surplus):
    assert repeated_tail(ids, times=3) == surplus


def test_a_digit_may_be_repeated(tmp_path):
    tokens = write_tokens(tmp_path / "t", [b"", b"", b"", b"5", b"five"])
    assert tokens.has_digit(3)
    assert not tokens.has_digit(4)
