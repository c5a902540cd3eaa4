"""Which variables there are, and what the environment and `.env` say of them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv.parser import parse_stream
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from insta_voice.settings import GROUPS
from insta_voice.wrong_settings import variable_of


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting as the environment names it."""

    name: str
    group: type[BaseSettings]
    field: FieldInfo


@dataclass(frozen=True, slots=True)
class EnvFile:
    """`.env` as it was written. `broken` are the numbers of lines that say nothing."""

    path: Path
    values: Mapping[str, str]
    broken: tuple[int, ...] = ()


def known_variables() -> dict[str, Variable]:
    """Every setting by its variable's name."""
    return {
        (name := variable_of(group, field_name)): Variable(name, group, field)
        for group in GROUPS
        for field_name, field in group.model_fields.items()
    }


def read_env_file(path: Path) -> EnvFile | None:
    """`.env` as the settings read it; None when there is none. OSError or UnicodeDecodeError when it is unreadable."""
    if not path.is_file():
        return None
    values: dict[str, str] = {}
    broken = []
    for binding in parse_stream(io.StringIO(path.read_text("utf-8"))):
        if binding.error or (binding.key is not None and binding.value is None):
            broken.append(binding.original.line)
        elif binding.key is not None and binding.value is not None:
            values[binding.key] = binding.value
    return EnvFile(path, values, tuple(broken))
