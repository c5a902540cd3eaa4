"""How commands print what callers and authors wrote: as text, never as commands to the terminal."""

import json
import re
from collections.abc import Mapping
from typing import Any

from insta_voice.db.text import without_control_characters


def printable(text: str, *, indent: str = "") -> str:
    """`text` without control characters; its further lines begin with `indent`, so that they start no line of ours."""
    return without_control_characters(text).replace("\n", f"\n{indent}")


def on_one_line(text: str) -> str:
    """`text` without control characters, every run of white space one space."""
    return " ".join(without_control_characters(text).split())


def to_json(value: list[dict[str, Any]] | Mapping[str, Any], *, indent: int | None = 2) -> str:
    """JSON as commands print it: ids as text, times in ISO 8601, every control character escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    return re.sub("[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", text)  # json leaves DEL and C1 as they are


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
