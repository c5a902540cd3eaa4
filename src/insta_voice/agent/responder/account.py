"""Account questions that every company gets: which fact is asked for, and the sentence that tells it.

Facts under other names are `fields`'.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Template
from typing import Any

from insta_voice.agent.responder.facts import say_value, words_of
from insta_voice.agent.responder.lexicon import lexicon
from insta_voice.agent.responder.sentences import blocks, sentence
from insta_voice.agent.responder.words import core
from insta_voice.customers.accounts import UNCONFIRMED

TOOL = "get_user_account_info"


@dataclass(frozen=True, slots=True)
class Topic:
    """A fact callers ask for: how it is asked, and the sentences that can tell it, best first."""

    name: str
    asks: re.Pattern[str]
    say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    own: re.Pattern[str]
    not_own: re.Pattern[str]
    topics: tuple[Topic, ...]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data = lexicon("account")
    topics = (Topic(t["name"], re.compile("|".join(t["asks"])), tuple(t["say"])) for t in data["topics"])
    return _Lexicon(re.compile(data["own"]), re.compile(data["not_own"]), tuple(topics))


def asked_topics(question: str, *, own: bool = False) -> tuple[Topic, ...]:
    """The facts of their own account a caller asks for, at most two, in the order asked; empty for a question about
    the product. With `own` the question goes on from one about the account ("and when does it renew?")."""
    lexicon, text = _lexicon(), core(question)
    if not (own or lexicon.own.search(text)) or lexicon.not_own.search(text):
        return ()
    found: list[tuple[int, Topic]] = []
    for topic in lexicon.topics:
        if asked := topic.asks.search(text):
            text = topic.asks.sub(lambda match: "\n" * len(match[0]), text)  # "seats left" asks once for seats
            found.append((asked.start(), topic))
    return tuple(topic for _, topic in sorted(found, key=lambda at: at[0])[:2])


def facts_from(output: str) -> dict[str, Any] | None:
    """The account tool's output as one flat mapping; None when it holds none."""
    for read in (json.loads, ast.literal_eval):
        try:
            data = read(output)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        return _flat(data) if isinstance(data, dict) else None
    return None


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    facts = {key: value for key, value in data.items() if key not in ("account", "account_facts")}
    for nested in ("account", "account_facts"):
        if isinstance(data.get(nested), dict):
            facts |= data[nested]
    return {_named(str(key)): value for key, value in facts.items() if value is not None and value != ""}


def _named(key: str) -> str:
    """ "Renews on" and "renewsOn" → "renews_on", as the sentences call it."""
    return "_".join(words_of(key)) if key.isascii() and words_of(key) else key


def is_unconfirmed(facts: Mapping[str, Any] | None) -> bool:
    """Whether the caller's account is known only once they have confirmed their address."""
    return facts is not None and bool(facts.get(UNCONFIRMED))


def tells(topic: Topic, key: str) -> bool:
    """Whether the sentences of `topic` speak of the fact `key` (of an invoice: "last_invoice_date" is their date)."""
    spoken_of = {name for block in topic.say for name in Template(blocks()[block][0]).get_identifiers()}
    return any(key == name or key.endswith(f"_{name}") for name in spoken_of)


def tell(topic: Topic, facts: Mapping[str, Any]) -> str | None:
    """The best sentence of `topic` for which all facts are there; None when the account does not hold them."""
    values = _values(facts)
    for name in topic.say:
        name = _variant(name, values)
        needed = Template(blocks()[name][0]).get_identifiers()
        if all(values.get(key) for key in needed) and _applies(name, facts):
            return sentence(name, **{key: values[key] for key in needed})
    return None


def _applies(name: str, facts: Mapping[str, Any]) -> bool:
    if name.startswith("account two factor"):
        return "two_factor" in facts and bool(_truth(facts["two_factor"])) == name.endswith("on")
    return True


def _variant(name: str, values: Mapping[str, str]) -> str:
    return "account no seats left" if name == "account seats left" and values.get("seats_left") == "0" else name


def _truth(value: object) -> bool:
    return value.strip().lower() in ("true", "yes", "on", "enabled", "1") if isinstance(value, str) else bool(value)


def _values(facts: Mapping[str, Any]) -> dict[str, str]:
    """Every fact in the words it is said in, what follows from two of them, and the last invoice's own."""
    currency = str(facts.get("currency", ""))
    values = _said(facts, currency)
    for left, total, used in (
        ("seats_left", "seats", "seats_used"),
        ("storage_left_gb", "storage_limit_gb", "storage_used_gb"),
    ):
        rest = _difference(facts.get(total), facts.get(used))
        if rest is not None:
            values[left] = rest
    invoice = facts.get("last_invoice")
    if isinstance(invoice, dict):
        money = str(invoice.get("currency", currency))
        values |= _said(invoice, money)
    return values


def _said(facts: Mapping[str, Any], currency: str) -> dict[str, str]:
    """The sentences say gigabytes themselves."""
    return {
        key: say_value(key.removesuffix("_gb"), value, currency)
        for key, value in facts.items()
        if not isinstance(value, dict | list)
    }


def _difference(total: object, used: object) -> str | None:
    try:
        rest = max(0.0, float(str(total)) - float(str(used)))
    except ValueError:
        return None
    return f"{round(rest, 1):g}"
