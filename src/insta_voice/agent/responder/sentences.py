"""The responder's authored sentences: blocks of `sentences.md`, a variant chosen by the turn's number."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from string import Template


@lru_cache(maxsize=1)
def blocks() -> Mapping[str, tuple[str, ...]]:
    """Every block by its name, each with its variants."""
    text = resources.files(__package__).joinpath("sentences.md").read_text("utf-8")
    named = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return {
        name.strip(): tuple(line.strip() for line in body.splitlines() if line.strip())
        for name, body in zip(named[::2], named[1::2], strict=True)
    }


def sentence(name: str, turn_number: int = 0, /, **values: str) -> str:
    """Block `name`, in the variant of this turn, filled in. KeyError when a value is missing."""
    variants = blocks()[name]
    return Template(variants[turn_number % len(variants)]).substitute(values)
