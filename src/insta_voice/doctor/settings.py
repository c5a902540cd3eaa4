"""The settings themselves: is `.env` readable, is every line one, every value possible."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from insta_voice.auth.safety import unsafe_installation
from insta_voice.doctor.findings import Finding, ok, problem, split_mend, warning
from insta_voice.doctor.known import EnvFile, known_variables, read_env_file
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.settings import GROUPS
from insta_voice.wrong_settings import is_secret, wrong_values

PART: Final = "settings"
PLACEHOLDER: Final = re.compile(r"\[?your[-_ ]|<[^>]*>|change[-_]?me|x{4,}|^\.{3}$|^…$", re.IGNORECASE)


def check_env_file(directory: Path) -> list[Finding]:
    """What can be said before the settings are even read."""
    path = directory / ".env"
    try:
        file = read_env_file(path)
    except OSError as error:
        return [
            problem(PART, f".env cannot be read ({error.strerror}).", f"Give it to this user: chown $(id -u) {path}")
        ]
    except UnicodeDecodeError:
        return [problem(PART, ".env is not UTF-8 text.", "Save it as UTF-8, without a byte order mark.")]
    found = [*_of_the_file(file, directory), *_values(file)]
    if found or file is None:
        return found
    settings = sum(name.upper() in known_variables() for name in file.values)
    return [ok(PART, f".env sets {settings} settings, each to a value it can have.")]


def _of_the_file(file: EnvFile | None, directory: Path) -> Iterator[Finding]:
    if file is None:
        yield ok(PART, f"There is no .env in {directory}: what the environment does not set has its default.")
        return
    for line in file.broken:
        yield problem(PART, f"Line {line} of .env says nothing.", "Write NAME=value, or # before a remark.")
    if os.name == "posix" and file.path.stat().st_mode & 0o077 and _holds_secrets(file):
        yield warning(
            PART, "Other users of this machine may read .env, which holds secrets.", "Close it: chmod 600 .env"
        )


def _holds_secrets(file: EnvFile) -> bool:
    known = known_variables()
    return any(value and name in known and is_secret(known[name].field) for name, value in file.values.items())


def _values(file: EnvFile | None) -> Iterator[Finding]:
    """Values that were copied from an example, and values that cannot be."""
    known = known_variables()
    for name, value in file.values.items() if file else ():
        if name.upper() in known and PLACEHOLDER.search(value):
            yield problem(PART, f"{name} still holds a placeholder.", "Put your own value there.")
    for group in GROUPS:
        try:
            group()
        except ValidationError as error:
            for variable, sentence in wrong_values(group, error):
                yield problem(PART, sentence, f"Correct {variable}; .env.example says what it means.")


async def check_safety(surroundings: Surroundings) -> list[Finding]:
    """What keeps the parts from starting (promise 18)."""
    reasons = list(unsafe_installation(surroundings.settings))
    found = [problem("safety", *split_mend(reason)) for reason in reasons]
    env = surroundings.settings.service.env
    return found or [ok("safety", f"Nothing in the settings keeps the parts from starting ({env}).")]
