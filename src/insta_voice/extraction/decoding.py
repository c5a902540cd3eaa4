"""Bytes into text. What is not Unicode is refused instead of guessed at: a wrong guess is read out to callers."""

import codecs
import io
from collections.abc import Iterator

from insta_voice.errors import InvalidInputError

# The longer marks first: UTF-32's begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_UNICODE = "The file is not UTF-8 text: save it as UTF-8."
_ZERO_BYTES = "The file is not text: it holds zero bytes. Save it as UTF-8."


def decode(data: bytes) -> str:
    """UTF-8, or what the byte order mark says, with lines that end in a newline alone."""
    mark, encoding = _encoding(data)
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInputError(_NOT_UNICODE) from error
    _check_is_text(text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_lines(data: bytes, *, longest: int) -> Iterator[str | None]:
    """The same line by line, for a text that is too large to be in memory more than once; None in the place of a line
    of more than `longest` characters.
    """
    mark, encoding = _encoding(data)
    raw = io.BytesIO(data)  # shares the bytes
    raw.seek(len(mark))
    text = io.TextIOWrapper(raw, encoding)
    try:
        while line := text.readline(longest + 1):
            _check_is_text(line)
            whole = line.removesuffix("\n")
            if len(whole) <= longest:
                yield whole
                continue
            yield None
            while line and not line.endswith("\n"):  # what is left of it
                line = text.readline(longest)
                _check_is_text(line)
    except UnicodeDecodeError as error:
        raise InvalidInputError(_NOT_UNICODE) from error


def _encoding(data: bytes) -> tuple[bytes, str]:
    """The byte order mark, which may be empty, and what it stands for."""
    return next(((m, e) for m, e in _BYTE_ORDER_MARKS if data.startswith(m)), (b"", "utf-8"))


def _check_is_text(text: str) -> None:
    if "\x00" in text:
        raise InvalidInputError(_ZERO_BYTES)
