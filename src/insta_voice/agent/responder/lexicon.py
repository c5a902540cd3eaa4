"""The responder's word lists and patterns, kept as TOML beside the code and read once."""

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache
def lexicon(name: str) -> dict[str, Any]:
    """`<name>.toml` of this package."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


@lru_cache
def word_list(name: str) -> frozenset[str]:
    """A list of `words.toml` as a set."""
    return frozenset(lexicon("words")[name].split())


@lru_cache
def alternatives(name: str) -> re.Pattern[str]:
    """A list of `grammar.toml` as one pattern of whole words, whatever their case."""
    return re.compile(rf"\b(?:{'|'.join(lexicon('grammar')[name])})\b", re.IGNORECASE)
