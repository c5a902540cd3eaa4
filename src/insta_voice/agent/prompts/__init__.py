"""Every authored sentence of the app as Markdown: the mind's instructions, and what the app itself says.

`sentences` has a file for each language a call can be held in, with what its caller hears or reads; `told.md` is what
a mind is told in a turn, in English whatever it speaks. Both hold `## name` blocks; each line of a block is one way to
say it. The grounded responder's sentences stand beside it in `agent/responder`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from string import Template

from insta_voice.languages import ENGLISH, Language

_BLOCK = re.compile(r"^## (?P<name>[a-z_]+)$", re.MULTILINE)


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8").strip()


@lru_cache
def _blocks(file: str) -> Mapping[str, tuple[str, ...]]:
    pieces = _BLOCK.split(_read(file))
    return {
        name: tuple(line.strip() for line in block.splitlines() if line.strip())
        for name, block in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def _sentences(language: Language) -> Mapping[str, tuple[str, ...]]:
    return _blocks(f"sentences/{language.code}.md")


INSTRUCTIONS = _read("instructions.md")
"""What a language model is told; a template with $company_name and $language."""

WELCOME_MESSAGE = _sentences(ENGLISH)["welcome"][0]
"""What a caller hears first; a template with $company_name and $notice (`notice`)."""

SERVER_TURNS = _read("server_turns.md")
"""What a realtime model is told beside INSTRUCTIONS when its own server decides turns."""

NO_EVIDENCE = _read("no_evidence.md")
"""What a language model is told in a turn whose search failed."""


def sentence(name: str, variant: int = 0, /, *, language: Language = ENGLISH, **values: str) -> str:
    """The authored sentence `name`; `variant` chooses among its wordings. KeyError for an unknown name or value."""
    wordings = variants(name, language=language, **values)
    return wordings[variant % len(wordings)]


def variants(name: str, /, *, language: Language = ENGLISH, **values: str) -> tuple[str, ...]:
    """Every wording of the sentence `name`."""
    return tuple(Template(wording).substitute(values) for wording in _sentences(language)[name])


def told(name: str, /, **values: str) -> str:
    """What a mind is told of its turn, by name. KeyError for an unknown name or value."""
    return Template(_blocks("told.md")[name][0]).substitute(values)


def notice(retention_days: int, *, language: Language = ENGLISH) -> str:
    """What a caller is told before anything is kept (promise 35), in one sentence: that this is an AI, and what becomes
    of the call. `retention_days` 0: it is kept until somebody deletes it.
    """
    if retention_days <= 0:
        return sentence("notice", language=language)
    if retention_days == 1:
        return sentence("notice_one_day", language=language)
    return sentence("notice_days", language=language, days=str(retention_days))


def instructions(company_name: str, *, language: Language = ENGLISH) -> str:
    """INSTRUCTIONS for this company, and for a call in this language."""
    return Template(INSTRUCTIONS).substitute(company_name=company_name, language=language.name)
