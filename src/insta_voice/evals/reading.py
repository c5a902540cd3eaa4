"""Scenarios from their files; everything wrong in them is said at once, a sentence each."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from insta_voice.errors import InvalidInputError
from insta_voice.evals.scenario import Scenario

# pydantic's kind of complaint → what it says; its own words serve for the others.
_COMPLAINTS = {
    "missing": "is missing.",
    "extra_forbidden": "is no name that a scenario has here.",
    "string_type": "has to be text.",
    "bool_parsing": "has to be true or false.",
    "bool_type": "has to be true or false.",
    "int_parsing": "has to be a whole number.",
    "int_type": "has to be a whole number.",
    "greater_than_equal": "has to be at least {ge}.",
    "tuple_type": "has to be a list.",
    "dict_type": "has to hold names and values.",
    "model_type": "has to hold names and values.",
    "too_short": "has to have an entry.",
}


def read_scenarios(paths: Sequence[Path]) -> list[Scenario]:
    """Those of the files, and of every `.yaml` file of the folders, in order.

    InvalidInputError with a line for each thing that is wrong.
    """
    scenarios: list[Scenario] = []
    wrong: list[str] = []
    for file in _files(paths):
        try:
            scenarios.append(_read(file))
        except InvalidInputError as error:
            wrong.append(error.message)
    if wrong:
        raise InvalidInputError("\n".join(wrong))
    return scenarios


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise InvalidInputError(f"There is no {path}. Name a scenario, or a folder of them.")
        if not path.is_dir():
            yield path
        elif found := sorted(path.glob("*.yaml")):
            yield from found
        else:
            raise InvalidInputError(f"There is no scenario in {path}: it has no .yaml file.")


def _read(file: Path) -> Scenario:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise InvalidInputError(f"{file} cannot be read as text.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise InvalidInputError(f"{file}{line}: {getattr(error, 'problem', None) or 'this is no YAML'}.") from None
    if not isinstance(content, dict):
        raise InvalidInputError(f"{file}: a scenario has to hold names and values.")
    try:
        return Scenario.model_validate({**content, "name": file.stem})
    except ValidationError as error:
        sentences = (f"{file}: {_sentence(complaint)}" for complaint in _complaints(error))
        raise InvalidInputError("\n".join(sentences)) from None


def _complaints(error: ValidationError) -> Iterator[Any]:
    """Without what pydantic has against a list only because its entries are wrong: to it those are not there."""
    complaints = error.errors(include_url=False)
    places = [complaint["loc"] for complaint in complaints]
    for complaint in complaints:
        place = complaint["loc"]
        inside = any(other[: len(place)] == place and len(other) > len(place) for other in places)
        if not (complaint["type"] == "too_short" and inside):
            yield complaint


def _sentence(complaint: Any) -> str:
    """As in "calls 1, opening, say is missing."; entries of a list are counted from 1."""
    place = ""
    for step in complaint["loc"]:
        place += f" {step + 1}" if isinstance(step, int) else f", {step}"
    told = _COMPLAINTS.get(complaint["type"])
    if told is not None:
        return f"{place.removeprefix(', ')} {told.format(**complaint.get('ctx', {}))}"
    words = complaint["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{place.removeprefix(', ')}: {words}."
