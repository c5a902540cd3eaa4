"""The company's own greeting, WELCOME_MESSAGE: a template whose variables are known, with the notice in it or added."""

import re
from string import Template
from typing import Final

from insta_voice.errors import ConfigurationError

VARIABLES: Final = ("company_name", "name", "notice", "support_contact")
"""`name` is the caller's first name, empty where nobody knows it; `notice` says that this is an AI and what is kept."""

MAX_WELCOME_CHARS: Final = 600  # 40 s of speech; whoever calls wants to speak
_LAST_QUESTION = re.compile(r"^(?P<before>.*[.!?])\s+(?P<question>[^.!?]*\?)$", re.DOTALL)


def check_welcome(template: str, *, variable: str = "WELCOME_MESSAGE") -> None:
    """ConfigurationError, which names the `variable`, when the template cannot be filled in."""
    parsed = Template(template)
    if not parsed.is_valid():
        raise ConfigurationError(
            f"{variable} has a dollar sign with no name behind it. Write $$ where a dollar sign is meant."
        )
    known = ", ".join(f"${name}" for name in VARIABLES)
    for name in parsed.get_identifiers():
        if name not in VARIABLES:
            raise ConfigurationError(f"{variable} names ${name}, which nobody fills in. There are {known}.")
    if len(template) > MAX_WELCOME_CHARS:
        raise ConfigurationError(f"{variable} has {len(template)} characters. Say it in at most {MAX_WELCOME_CHARS}.")


def own_welcome(template: str, *, company_name: str, name: str, notice: str, support_contact: str) -> str:
    """The greeting to speak. The notice is always said: where $notice stands, else before a closing question."""
    values = {"company_name": company_name, "name": name, "notice": notice, "support_contact": support_contact}
    filled = Template(template).safe_substitute(values)
    text = re.sub(r"\s+", " ", re.sub(r"\s+([,.!?])", r"\1", filled)).strip()
    if "notice" in Template(template).get_identifiers():
        return text
    closing = _LAST_QUESTION.match(text)
    return f"{closing['before']} {notice} {closing['question']}" if closing else f"{text} {notice}"
