"""Bytes into text. What is not Unicode is refused instead of guessed at: a wrong guess is read out to callers."""

import codecs

from insta_voice.errors import InvalidInputError

# The longer marks first: UTF-32's begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes) -> str:
    """UTF-8, or what the byte order mark says, with lines that end in a newline alone."""
    mark, encoding = next(((m, e) for m, e in _BYTE_ORDER_MARKS if data.startswith(m)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInputError("The file is not UTF-8 text: save it as UTF-8.") from error
    if "\x00" in text:
        raise InvalidInputError("The file is not text: it holds zero bytes. Save it as UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
