"""Every authored sentence of the app as Markdown: the mind's instructions, the welcome, and what the app itself says.

`sentences.md` holds `## name` blocks; each line of a block is one way to say it. The grounded responder's sentences
stand beside it in `agent/responder`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from string import Template

_BLOCK = re.compile(r"^## (?P<name>[a-z_]+)$", re.MULTILINE)


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8").strip()


INSTRUCTIONS = _read("instructions.md")
"""What a language model is told; a template with $company_name."""

WELCOME_MESSAGE = _read("welcome.md")
"""What a caller hears first; a template with $company_name and $notice (`company.notice`)."""


NO_EVIDENCE = _read("no_evidence.md")
"""What a language model is told in a turn whose search failed."""


@lru_cache
def _sentences() -> Mapping[str, tuple[str, ...]]:
    pieces = _BLOCK.split(_read("sentences.md"))
    return {
        name: tuple(line.strip() for line in block.splitlines() if line.strip())
        for name, block in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def sentence(name: str, variant: int = 0, /, **values: str) -> str:
    """The authored sentence `name`; `variant` chooses among its wordings. KeyError for an unknown name or value."""
    wordings = _sentences()[name]
    return Template(wordings[variant % len(wordings)]).substitute(values)


def variants(name: str, /, **values: str) -> tuple[str, ...]:
    """Every wording of the sentence `name`."""
    return tuple(Template(wording).substitute(values) for wording in _sentences()[name])


def instructions(company_name: str) -> str:
    """INSTRUCTIONS for this company."""
    return Template(INSTRUCTIONS).substitute(company_name=company_name)
