"""A field that says who may hear an article, or on which days, with a slip in its name: passed over like the fields of
other tools, it would be heard by everyone, or for ever."""

import difflib
import functools
import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from insta_voice.errors import InvalidInputError

# No other field limits who hears an article: a misspelt label does no harm, and is passed over.
_MEANT: Final = {"audience": "audience", "validfrom": "valid_from", "validuntil": "valid_until"}
# What databases and calendars call the last day beside the first, and audience where no English is spoken.
_ALSO_CALLED: Final = {
    "audiencia": "audience",
    "validthrough": "valid_until",
    "validthru": "valid_until",
    "validtill": "valid_until",
    "validto": "valid_until",
}
# difflib's ratio. One slip in a name of eight letters leaves 0.875 at least; fields of other tools come up to 0.842
# (paid_until, void_until).
_ALIKE: Final = 0.85
_LONGEST: Final = 40  # characters, thrice the longest name that is meant: of a longer one the rest is not looked at


def check_names(names: Collection[str]) -> None:
    """InvalidInputError for a name that is meant to be a limiting field's, where that is not among them itself."""
    for name in names:
        meant = _meant(name)
        if meant is not None and meant not in names:
            raise InvalidInputError(f"There is no field {_printable(name)}. Did you mean {meant}?")


def without_audience(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields but those that say who may hear an article, rightly named or not."""
    return {name: value for name, value in fields.items() if _meant(name) != "audience"}


def _printable(name: str) -> str:
    """Without what a terminal or the database would not take, and no longer than a report can show."""
    return re.sub(r"[^\w .-]", "?", name[:_LONGEST])


def _meant(name: str) -> str | None:
    return _compared(name[:_LONGEST])


@functools.lru_cache(maxsize=1024)  # 87 µs for the names of an article: 100,000 lines of a list have the same few
def _compared(name: str) -> str | None:
    letters = re.sub(r"[\s_-]+", "", name.casefold())
    near = difflib.get_close_matches(letters, _MEANT, n=1, cutoff=_ALIKE)
    return _MEANT[near[0]] if near else _ALSO_CALLED.get(letters)
