"""How often a source is read again, as `--every` says it."""

import re
from datetime import timedelta

from insta_voice.errors import InvalidInputError

_INTERVAL = re.compile(r"(?P<number>[1-9][0-9]{0,3})(?P<unit>[hd])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}


def interval_of(text: str) -> timedelta:
    """What --every says."""
    found = _INTERVAL.fullmatch(text)
    if found is None:
        raise InvalidInputError(f"--every cannot be {text!r}. Write 12h or 1d: an hour at least.")
    return int(found["number"]) * _UNITS[found["unit"]]


def as_option(interval: timedelta) -> str:
    """As it may be given to --every."""
    return f"{interval.days}d" if interval % _UNITS["d"] == timedelta(0) else f"{interval // _UNITS['h']}h"
