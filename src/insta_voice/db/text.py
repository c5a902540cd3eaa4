"""Text that others wrote, made fit for a row and for a terminal."""

import re

# C0 without tab and newline, DEL, and C1. Postgres has no place for NUL; a terminal takes the others for commands.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def without_control_characters(text: str) -> str:
    """`text` without control characters but tab and newline."""
    return _CONTROL.sub("", text)
