"""One fact of an account by its name and value: of which kind it is, and the words it is said in."""

import re
from dataclasses import dataclass
from typing import Literal

from insta_voice.agent.responder.digits import CURRENCIES, grouped, say_date, say_money
from insta_voice.agent.responder.spoken import say_address, spoken

Kind = Literal["text", "code", "count", "amount", "date", "flag"]

_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MONEY = frozenset({"amount", "price", "balance", "cost", "fee"})
_MONEY_AT_THE_END = frozenset({"total", "credit"})  # total_users are people
_UNITS = {
    "gb": "gigabytes", "mb": "megabytes", "tb": "terabytes", "kb": "kilobytes", "ms": "milliseconds",
    "km": "kilometers", "kg": "kilograms", "kwh": "kilowatt hours", "percent": "percent", "pct": "percent",
}  # fmt: skip
_OF_DATES = frozenset({"on", "at", "date", "until", "time"})
_OF_NUMBERS = frozenset(_UNITS) | frozenset(code.lower() for code in CURRENCIES) | {"cents"}
_OF_FLAGS = frozenset({"is", "has"})
_CODES = frozenset({"number", "id", "code", "reference", "ref", "no"})
_COUNTED = frozenset({"used", "left", "remaining", "available", "included", "open", "free"})
_ACRONYMS = frozenset({"api", "vat", "id", "sla", "vip", "sms", "ip", "sso", "crm", "iban", "vpn", "pin", "url", "mfa"})
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?$")
_PLACE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z_]+)+$")  # a time zone's name, a path of categories


@dataclass(frozen=True, slots=True)
class Fact:
    """`names` are all words of its name, `words` those that are said ("trial ends"), `value` what is said of it."""

    key: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    value: str
    kind: Kind

    @property
    def said_words(self) -> tuple[str, ...]:
        """The name for the ear: short forms in capitals are spelt."""
        return tuple(word.upper() if word in _ACRONYMS else word for word in self.words)

    @property
    def countable(self) -> bool:
        """ "open tickets", "days left": "You have 3 open tickets." """
        *before, last = self.words
        return self.value != "1" and (_plural(last) or (last in _COUNTED and any(_plural(word) for word in before)))

    @property
    def plural(self) -> bool:
        """Whether it is said of several: "stations are"."""
        return _plural(self.words[-1])

    @property
    def lasts(self) -> bool:
        """ "valid until" """
        return self.names[-1] == "until" and len(self.names) > 1

    @property
    def happens(self) -> bool:
        """ "trial ends": "Your trial ends on …" """
        return len(self.words) > 1 and _plural(self.words[-1])

    @property
    def happened(self) -> bool:
        """ "created": "Created on …" """
        return self.words[-1].endswith("ed")


def words_of(key: str) -> tuple[str, ...]:
    """ "seats_used", "seatsUsed" and "Seats used" → ("seats", "used")."""
    return tuple(piece.lower() for piece in _PIECES.findall(key))


def read_fact(key: str, value: object, currency: str) -> Fact | None:
    """The fact; None when it cannot be said, such as a web address."""
    names = words_of(key)
    if not names:
        return None
    if isinstance(value, bool):
        return Fact(key, names, names[1:] if len(names) > 1 and names[0] in _OF_FLAGS else names, _yes(value), "flag")
    if isinstance(value, list):
        parts = [say_value(key, item, currency) for item in value]
        told = " and ".join(", ".join(parts).rsplit(", ", 1))
        return Fact(key, names, names, told, "text") if all(parts) else None
    said = say_value(key, value, currency)
    if not said:
        return None
    if names[-1] in _CODES:
        return Fact(key, names, names, said, "code")
    text = str(value).strip()
    if _ISO.match(text):
        return Fact(key, names, _without(names, _OF_DATES), said, "date")
    if _NUMBER.match(text):
        bare = _without(names, _OF_NUMBERS)
        return Fact(key, names, bare, said, "amount" if re.search("[a-z]", said) else "count")
    return Fact(key, names, names, said, "text")


def say_value(key: str, value: object, currency: str) -> str:
    """A value in words: money, dates, units and codes as people say them. Empty when it cannot be said."""
    words = words_of(key) or ("",)
    if isinstance(value, bool):
        return _yes(value)
    text = str(value).strip()
    if "://" in text:
        return ""  # nobody wants an address read out, and it is on no screen
    if _NUMBER.match(text):
        return _say_number(words, text, currency)
    if found := _ISO.match(text):
        return _say_date(found) or spoken(text)
    if "email" in words or re.fullmatch(r"\S+@\S+\.\S+", text):
        return say_address(text)
    if words[-1] == "plan":
        return text.replace("_", " ").title() if text.islower() else spoken(text)
    if words[-1] in _CODES:
        return " ".join(grouped(piece) if piece.isdigit() else piece for piece in re.findall(r"\d+|[A-Za-z]+", text))
    if _PLACE.match(text):
        return spoken(text.replace("/", ", ").replace("_", " "))
    return spoken(text.replace("_", " ") if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", text) else text)


def _say_date(found: re.Match[str]) -> str:
    day = say_date(int(found[1]), int(found[2]), int(found[3]))
    if not day or not found[4] or (found[4], found[5]) == ("00", "00"):
        return day
    return f"{day}, at {found[4]}:{found[5]}{' UTC' if found[6] == 'Z' else ''}"


def _say_number(words: tuple[str, ...], text: str, currency: str) -> str:
    last = words[-1]
    if last in _CODES or "phone" in words:
        return grouped(text)
    if last.upper() in CURRENCIES:
        return say_money(text, last)
    if last == "cents" and currency:
        return say_money(float(text) / 100, currency)
    if currency and (_MONEY & set(words) or last in _MONEY_AT_THE_END):
        return say_money(text, currency)
    if last in _UNITS:
        return f"{float(text):g} {_UNITS[last]}"
    number = float(text)
    return f"{number:,.0f}" if number.is_integer() and abs(number) >= 10_000 else f"{number:g}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _without(words: tuple[str, ...], endings: frozenset[str]) -> tuple[str, ...]:
    """`words` without an ending that says of which kind the value is; never none at all."""
    return words[:-1] if len(words) > 1 and words[-1] in endings else words


def _plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
