"""The names of settings: those that nothing reads, and which setting a misspelt one stands for."""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from insta_voice.doctor.findings import Finding, problem, warning
from insta_voice.doctor.known import known_variables, read_env_file

PART: Final = "settings"
# Read by the page's build, by us or by the libraries of ours, and by Supabase's own tools, which share a `.env`.
FOREIGN: Final = re.compile(r"VITE_\w+|NODE_\w+|SUPABASE_\w+|NEXT_PUBLIC_\w+|NOTIFY_SOCKET|PYTHON\w+")
OURS: Final = ("INSTA_", "LIVEKIT_", "FIREBASE_", "VOICE_", "LIMIT_", "TICKET_", "KNOWLEDGE_", "DATABASE_")
ALIKE: Final = 0.8  # difflib's ratio; a letter swapped, left out or added in a name of ten is above it


def check_names(directory: Path, environment: Mapping[str, str]) -> list[Finding]:
    """Names that nothing reads; in the environment, which others share, only those that look like ours."""
    try:
        file = read_env_file(directory / ".env")
    except (OSError, UnicodeDecodeError):
        return []  # which is for `check_env_file` to say
    return [*_in_the_file(file.values if file else {}), *_in_the_environment(environment)]


def closest(name: str, known: Mapping[str, object]) -> str | None:
    """The setting that a misspelt name stands for, if one is near."""
    return next(iter(difflib.get_close_matches(name.upper(), list(known), n=1, cutoff=ALIKE)), None)


def _in_the_file(values: Mapping[str, str]) -> Iterator[Finding]:
    """A misspelt name is a setting that is not made: somebody wrote it down to have it."""
    known = known_variables()
    written = {name.upper() for name in values}
    for name in values:
        if name.upper() in known or FOREIGN.fullmatch(name.upper()):
            continue
        meant = closest(name, known)
        if meant and meant not in written:
            yield problem(PART, f"{name} in .env is no setting.", f"Did you mean {meant}?")
        elif meant:
            yield warning(PART, f"{name} in .env is no setting.", f"Did you mean {meant}?")
        else:
            yield warning(PART, f"{name} in .env is read by nothing.", "Remove it; .env.example holds every setting.")


def _in_the_environment(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = known_variables()
    for name in environment:
        if name not in known and name.startswith(OURS) and (meant := closest(name, known)):
            yield warning(PART, f"{name} in the environment is no setting.", f"Did you mean {meant}?")
