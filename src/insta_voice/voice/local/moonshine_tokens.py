"""Moonshine's tokens: numbers to text, and the guard against a decoder that repeats itself."""

from collections.abc import Sequence
from pathlib import Path

START = 1
END = 2
_SPACE = "▁".encode()


class TokenList:
    """The 32,768 tokens of `tokenizer.bin`.

    For each its length, then its bytes (two-byte lengths from 128 on).
    """

    def __init__(self, path: Path) -> None:
        self._tokens = _read(path.read_bytes())

    def __len__(self) -> int:
        return len(self._tokens)

    def word(self, text: str) -> int:
        """The token that begins a word and is all of it; ValueError when there is none."""
        return self._tokens.index(_SPACE + text.encode())

    def text(self, ids: Sequence[int]) -> str:
        """What `ids` say; control tokens (<s>, </s>, <<ST_…>>) say nothing."""
        parts = [self._tokens[i] for i in ids if i > END and not self._tokens[i].startswith(b"<<")]
        return b"".join(parts).replace(_SPACE, b" ").decode(errors="ignore").strip()

    def has_digit(self, token: int) -> bool:
        """Whether the token writes a digit: a caller may well say "five five five five"."""
        return any(48 <= byte <= 57 for byte in self._tokens[token])


def _read(data: bytes) -> list[bytes]:
    tokens, at = [], 0
    while at < len(data):
        length = data[at]
        at += 1
        if length >= 128:
            length = data[at] * 128 + length - 128
            at += 1
        tokens.append(data[at : at + length])
        at += length
    return tokens


def repeated_tail(ids: Sequence[int], *, times: int, longest: int = 8) -> int:
    """How many tokens to drop so that a phrase said `times` in a row (up to `longest` tokens) stands once.

    Greedy decoding of a very short "Okay." otherwise runs on as "Ok Ok Ok Ok" to the token limit.
    """
    for size in range(1, longest + 1):
        if len(ids) < size * times:
            break
        tail = ids[len(ids) - size :]
        if all(ids[len(ids) - size * (n + 1) : len(ids) - size * n] == tail for n in range(1, times)):
            return size * (times - 1)
    return 0
