"""How every group of settings is read: from the environment, `.env`, or a file named like the variable."""

import os
from os.path import isdir
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints
from pydantic_settings import NoDecode, SettingsConfigDict

from insta_voice.languages import LanguageCode

# Files named like their variable, for what should stand in no environment: systemd's credentials, Docker's secrets.
SECRETS_DIRS = [place for place in (os.environ.get("CREDENTIALS_DIRECTORY"), "/run/secrets") if place and isdir(place)]


def _split_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)]
# "wiki.internal", "wiki.internal:8080": a host, with its port where that is not the usual one.
_Place = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[^/@\s]+$")]
Places = Annotated[tuple[_Place, ...], NoDecode, BeforeValidator(_split_commas)]
LanguageCodes = Annotated[tuple[LanguageCode, ...], NoDecode, BeforeValidator(_split_commas)]


def env(prefix: str) -> SettingsConfigDict:
    """The configuration of a group whose variables begin with `prefix`."""
    return SettingsConfigDict(
        env_prefix=prefix,
        env_file=".env",
        env_ignore_empty=True,
        secrets_dir=SECRETS_DIRS,
        extra="ignore",
        frozen=True,
    )
