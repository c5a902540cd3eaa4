"""What usage costs: exact, and unknown where a price is missing, never guessed and never zero for that."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from insta_voice.costs.prices import LOCAL_PROVIDER, Price, Prices
from insta_voice.costs.usage import Usage, merged

_MILLION = Decimal(1_000_000)
_MS_PER_MINUTE = Decimal(60_000)
# Unit of usage → its price; beside it the part of it that was cached, which may have a price of its own.
_TOKENS = {
    "text_input_tokens": "cached_text_input_tokens",
    "audio_input_tokens": "cached_audio_input_tokens",
    "text_output_tokens": "",
    "audio_output_tokens": "",
}


@dataclass(frozen=True, slots=True)
class Spending:
    """What was used, and what it cost. `usd` is of what has a price; `known` when that is everything."""

    usages: tuple[Usage, ...] = ()
    usd: Decimal = Decimal(0)
    known: bool = True

    def __add__(self, other: Self) -> "Spending":
        return Spending(merged((*self.usages, *other.usages)), self.usd + other.usd, self.known and other.known)


NOTHING = Spending()


def spend(usage: Usage, prices: Prices) -> Spending:
    """What one use of a model costs. Priced before it is added up: the next use may be billed by another unit."""
    usd = _cost_usd(usage, prices)
    return Spending((usage,), usd or Decimal(0), usd is not None)


def _cost_usd(usage: Usage, prices: Prices) -> Decimal | None:
    """None when it cannot be known."""
    if not usage.amounts:
        return Decimal(0)
    price = prices.get((usage.provider, usage.model))
    if price is None:
        return Decimal(0) if usage.provider == LOCAL_PROVIDER else None
    return next(_ways(usage, price), None)


def _ways(usage: Usage, price: Price) -> Iterator[Decimal]:
    """The cost by tokens, by characters, by time: the first that was reported and has a price is how it is billed."""
    if (by_tokens := _by_tokens(usage, price)) is not None:
        yield by_tokens
    if usage.characters and price.usd_per_million_characters is not None:
        yield usage.characters * price.usd_per_million_characters / _MILLION
    if usage.audio_ms and price.usd_per_minute_of_audio is not None:
        yield usage.audio_ms * price.usd_per_minute_of_audio / _MS_PER_MINUTE


def _by_tokens(usage: Usage, price: Price) -> Decimal | None:
    usd, reported = Decimal(0), False
    for unit, cached_unit in _TOKENS.items():
        if not (tokens := getattr(usage, unit)):
            continue
        reported = True
        full = getattr(price, f"usd_per_million_{unit}")
        if full is None:
            return None
        cached = min(getattr(usage, cached_unit), tokens) if cached_unit else 0
        reduced = getattr(price, f"usd_per_million_{cached_unit}") if cached else None
        usd += ((tokens - cached) * full + cached * (full if reduced is None else reduced)) / _MILLION
    return usd if reported else None
