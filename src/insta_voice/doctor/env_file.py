"""Writes answers into `.env`: what was there stays, as it was written; what is new is explained; a copy is kept."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from insta_voice.doctor.known import known_variables
from insta_voice.stack.livekit_config import write_private

_LINE: Final = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")
_PLAIN: Final = re.compile(r"[^\s#'\"\\$`]*")
_HEAD: Final = "# Written by `insta-voice init`; every setting stands in .env.example and docs/configuration.md.\n"


def merged(text: str | None, values: Mapping[str, str]) -> str:
    """`text` with these values: each on the line that had it, the rest at the end with a sentence each.

    An empty value is written as one: it means the default. A line that stands twice is changed where it counts, last.
    """
    lines = (text if text is not None else _HEAD).splitlines()
    last = {match[1]: number for number, line in enumerate(lines) if (match := _LINE.match(line))}
    added = []
    known = known_variables()
    for name, value in values.items():
        if name in last:
            lines[last[name]] = f"{name}={quoted(value)}"
        elif value:
            about = known[name].field.description if name in known else ""
            added += ["", f"# {about}", f"{name}={quoted(value)}"] if about else ["", f"{name}={quoted(value)}"]
    return "\n".join([*lines, *added]) + "\n"


def quoted(value: str) -> str:
    """`value` as python-dotenv reads it back; bare where that is enough, so that other programs read it too."""
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def write(path: Path, text: str, *, now: datetime) -> Path | None:
    """Write `path` so that only its owner may read it. Gives where the old one is kept, when there was one."""
    backup = None
    if path.exists():
        backup = path.with_name(f"{path.name}.{now:%Y%m%d-%H%M%S}.bak")
        write_private(backup, path.read_text("utf-8"))
    write_private(path, text)
    return backup
