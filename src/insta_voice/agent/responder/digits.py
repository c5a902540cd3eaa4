"""Numbers as people say them: money, units, dates, codes in groups; a card number is never read out."""

import re

_CURRENCIES = {"$": "dollar", "US$": "dollar", "€": "euro", "£": "pound"}
_CURRENCY_CODES = {"USD": "dollar", "EUR": "euro", "GBP": "pound"}
CURRENCIES = {
    "USD": "dollars", "EUR": "euros", "GBP": "pounds", "AUD": "Australian dollars", "CAD": "Canadian dollars",
    "NZD": "New Zealand dollars", "SGD": "Singapore dollars", "HKD": "Hong Kong dollars", "CHF": "Swiss francs",
    "SEK": "Swedish kronor", "NOK": "Norwegian kroner", "DKK": "Danish kroner", "PLN": "Polish zloty",
    "CZK": "Czech crowns", "JPY": "yen", "INR": "rupees", "BRL": "reais", "ZAR": "rand", "MXN": "Mexican pesos",
}  # fmt: skip
"""ISO 4217 codes as several of them are said."""
_SCALES = {"k": " thousand", "m": " million", "bn": " billion", "b": " billion"}
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?(?!\d)"
_MONEY = re.compile(rf"(US\$|[$€£])\s?{_AMOUNT}(?:\s?(k|m|bn|b)\b)?", re.IGNORECASE)
_MONEY_AFTER = re.compile(rf"(?<![\w$€£.,]){_AMOUNT}\s?(?:([€£])|(USD|EUR|GBP)\b)")
_MONEY_CODE = re.compile(rf"\b(USD|EUR|GBP)\s?{_AMOUNT}")
_PER = re.compile(
    r"\s?/\s?(seat|user|month|year|week|day|hour|minute|mo|yr|person|member|project|call|request|second)\b",
    re.IGNORECASE,
)
_PER_WORDS = {"mo": "month", "yr": "year"}
_UNITS = {
    "GB": "gigabytes", "MB": "megabytes", "KB": "kilobytes", "kB": "kilobytes", "TB": "terabytes",
    "ms": "milliseconds", "min": "minutes", "mins": "minutes", "hrs": "hours", "hr": "hours", "px": "pixels",
    "sec": "seconds", "secs": "seconds",
}  # fmt: skip
_UNIT = re.compile(r"(\d)\s?(" + "|".join(_UNITS) + r")\b")
_RANGE = re.compile(r"(?<![\w.-])(\d+(?:[.,]\d+)?)\s?[–—-]\s?(\d+(?:[.,]\d+)?)(?![\w-])")
_CARD = re.compile(r"(?<![\d+])(?:\d[ \u00a0-]?){12,18}\d(?!\d)")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?\b")
_CODE = re.compile(r"\b([A-Z]{1,5})[-_]?(\d{3,12})\b")
_LONG_NUMBER = re.compile(r"(?<![\w.,/-])(?:\+?\d{6,}+|0\d{3,}+)(?![\w.,]*\d)")


def say_numbers(text: str) -> str:
    """Every number in `text` in the words or groups in which it is said."""
    text = _CARD.sub(lambda card: _card(card[0]), text)
    text = _ISO_DATE.sub(lambda date: say_date(int(date[1]), int(date[2]), int(date[3])) or date[0], text)
    text = _MONEY.sub(lambda m: _money(_CURRENCIES[m[1].upper()], m[2], m[3], m[4]), text)
    text = _MONEY_AFTER.sub(lambda m: _money(_CURRENCIES.get(m[3] or "") or _CURRENCY_CODES[m[4]], m[1], m[2]), text)
    text = _MONEY_CODE.sub(lambda m: _money(_CURRENCY_CODES[m[1]], m[2], m[3]), text)
    text = _PER.sub(lambda m: f" per {_PER_WORDS.get(m[1].lower(), m[1].lower())}", text)
    text = _RANGE.sub(r"\1 to \2", text)
    text = _UNIT.sub(_unit, text)
    text = re.sub(r"(\d)\s?%", r"\1 percent", text)
    text = re.sub(r"#\s?(?=\d)", "number ", text)
    text = _CODE.sub(lambda code: f"{code[1]} {grouped(code[2])}", text)
    return _LONG_NUMBER.sub(lambda number: _long_number(number[0]), text)


def say_money(amount: float | int | str, currency: str) -> str:
    """An amount of the account ("144.5", "USD") in words: "144 dollars and 50 cents"; "49.50 Swiss francs"."""
    if float(amount) < 0:
        return f"minus {say_money(-float(amount), currency)}"
    whole, _, cents = f"{float(amount):.2f}".partition(".")
    if name := _CURRENCY_CODES.get(currency.upper()):
        return _money(name, f"{int(whole):,}", cents)
    told = f"{int(whole):,}" if cents == "00" else f"{int(whole):,}.{cents}"
    return f"{told} {CURRENCIES.get(currency.upper(), currency)}"


def say_date(year: int, month: int, day: int) -> str:
    """ "December 1st, 2026"; empty when there is no such month or day."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return ""
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{_MONTHS[month - 1]} {day}{ending}, {year}"


def grouped(number: str) -> str:
    """Digits one by one, in groups of two or three: how codes are read out."""
    size = 2 if len(number) in (2, 4) else 3
    groups = [number[start : start + size] for start in range(0, len(number), size)]
    return ", ".join(" ".join(group) for group in groups)


def _card(number: str) -> str:
    last = re.sub(r"\D", "", number)[-4:]
    return f"a number ending in {last[:2]} {last[2:]}"


def _money(name: str, whole: str, cents: str | None, scale: str | None = None) -> str:
    plural = "" if name.endswith("s") or not name.isascii() else "s"
    if scale:
        return f"{whole}{'.' + cents if cents else ''}{_SCALES[scale.lower()]} {name}{plural}"
    parts = int(cents.ljust(2, "0")) if cents else 0
    units = f"{whole} {name}{'' if whole == '1' else plural}"
    small = "pence" if name == "pound" else "cent" if parts == 1 else "cents"
    if not parts:
        return units
    return f"{parts} {small}" if whole == "0" else f"{units} and {parts} {small}"


def _unit(found: re.Match[str]) -> str:
    return f"{found[1]} {_UNITS[found[2]]}"


def _long_number(number: str) -> str:
    digits = number.lstrip("+")
    if not number.startswith("+") and digits.endswith("000") and not digits.startswith("0"):
        return f"{int(digits):,}"
    return ("plus " if number.startswith("+") else "") + grouped(digits)
