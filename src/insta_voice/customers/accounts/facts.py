"""Account facts from elsewhere, made safe to say: only the allowed ones, only plain values, none without end."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from insta_voice.db.text import without_control_characters
from insta_voice.errors import AccountUnavailableError

UNCONFIRMED: Final = "email_not_confirmed"
"""True among the facts of somebody of whom more may be known once they confirm their address."""

_MAX_TEXT_CHARS = 300  # of one value; nobody listens to more
_MAX_ITEMS = 20  # of a list, and of a mapping inside


def parse_facts(content: bytes) -> dict[str, Any]:
    """A JSON object. AccountUnavailableError for anything else."""
    try:
        found = json.loads(content, parse_constant=_not_a_number)
    except (ValueError, RecursionError) as error:
        raise AccountUnavailableError(detail="the account endpoint's answer is not JSON") from error
    if not isinstance(found, dict):
        raise AccountUnavailableError(detail="the account endpoint's answer is not a JSON object")
    return found


def allowed(facts: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """The facts that `fields` names and that can be said, in that order."""
    values = {field: _value(facts[field], depth=1) for field in fields if field in facts}
    return {field: value for field, value in values.items() if value is not None}


def _value(value: object, *, depth: int) -> object | None:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return without_control_characters(value)[:_MAX_TEXT_CHARS].strip() or None
    if not depth:
        return None
    if isinstance(value, list):
        items = [_value(item, depth=0) for item in value[:_MAX_ITEMS]]
        return [item for item in items if item is not None] or None
    if isinstance(value, dict):
        inside = {str(key): _value(item, depth=0) for key, item in list(value.items())[:_MAX_ITEMS]}
        return {key: item for key, item in inside.items() if item is not None} or None
    return None


def _not_a_number(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are no JSON, although Python reads them
