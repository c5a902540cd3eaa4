"""Reads the one form the OpenAI audio API posts: text fields and a file, in memory, bounded by the caller.

RFC 7578, without what browsers do not send (nested multiparts, transfer encodings).
"""

import re

from insta_voice.errors import InvalidInputError

_BOUNDARY = re.compile(r'boundary="?([^";]{1,70})"?')
_NAME = re.compile(rb'[; ]name="?([^";]*)"?', re.IGNORECASE)


def parse_form(content_type: str, body: bytes) -> dict[str, bytes]:
    """Field name to content; InvalidInputError when `body` is no such form.

    A name given twice keeps the last.
    """
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or not found:
        raise InvalidInputError("Send the audio as multipart/form-data with a field called file.")
    parts = (b"\r\n" + body).split(b"\r\n--" + found[1].encode())
    fields = {}
    for part in parts[1:-1]:
        head, separator, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not separator or not name:
            raise InvalidInputError("The form is damaged: a part has no name.")
        fields[name[1].decode(errors="replace")] = content
    return fields
