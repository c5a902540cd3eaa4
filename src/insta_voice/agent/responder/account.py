"""Account questions: which fact is asked for, and the sentence that tells it. Generic over what an account holds."""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Template
from typing import Any

from insta_voice.agent.responder.digits import grouped, say_date, say_money
from insta_voice.agent.responder.lexicon import lexicon
from insta_voice.agent.responder.sentences import blocks, sentence
from insta_voice.agent.responder.spoken import finished, say_address, spoken
from insta_voice.agent.responder.words import core

TOOL = "get_user_account_info"
_MONEY_FIELDS = frozenset({"amount", "price", "price_per_seat", "total", "balance"})
_ASKED_FIELD = re.compile(
    r"^(?:and )?(?:can you tell me |could you tell me |do you know |tell me )?"
    r"(?:what|which|when|how much|how many|where) (?:is|are|was|were) (?:my|our) (?P<field>[a-z0-9 ]{2,40})$"
)


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


def asked_field(question: str) -> str | None:
    """ "What is my time zone" → "time zone": a fact this installation may hold under a name of its own."""
    match = _ASKED_FIELD.match(core(question))
    return match["field"] if match else None


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
    return {str(key): value for key, value in facts.items() if value is not None and value != ""}


def tell(topic: Topic, facts: Mapping[str, Any]) -> str | None:
    """The best sentence of `topic` for which all facts are there; None when the account does not hold them."""
    values = _values(facts)
    for name in topic.say:
        name = _variant(name, values)
        needed = Template(blocks()[name][0]).get_identifiers()
        if all(values.get(key) for key in needed) and _applies(name, facts):
            return sentence(name, **{key: values[key] for key in needed})
    return None


def tell_field(field: str, facts: Mapping[str, Any]) -> str | None:
    """A fact found by its own name, said plainly: "Your time zone: Berlin." """
    asked = field.replace(" ", "")
    for key, value in _values(facts).items():
        if key.replace("_", "") == asked and value:
            return finished(sentence("account field", label=key.replace("_", " "), value=value).rstrip("."))
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
    values = {key: _said(key, value, currency) for key, value in facts.items() if not isinstance(value, dict | list)}
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
        values |= {
            key: _said(key, value, money) for key, value in invoice.items() if not isinstance(value, dict | list)
        }
    return values


def _difference(total: object, used: object) -> str | None:
    try:
        rest = max(0.0, float(str(total)) - float(str(used)))
    except ValueError:
        return None
    return f"{round(rest, 1):g}"


def _said(field: str, value: object, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value).strip()
    if field in _MONEY_FIELDS and re.fullmatch(r"\d+(?:\.\d+)?", text) and currency:
        return say_money(text, currency)
    if date := re.match(r"(\d{4})-(\d{2})-(\d{2})\b", text):
        return say_date(int(date[1]), int(date[2]), int(date[3])) or spoken(text)
    if field == "email":
        return say_address(text)
    if field == "plan":
        return text.replace("_", " ").title() if text.islower() else spoken(text)
    if field == "number":
        return " ".join(grouped(piece) if piece.isdigit() else piece for piece in re.findall(r"\d+|[A-Za-z]+", text))
    if isinstance(value, float):
        return f"{value:g}"
    return spoken(text)
