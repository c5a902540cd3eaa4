"""Prices with their date and source: those that come with the package, and a company's own before them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings

LOCAL_PROVIDER = "local"
"""What runs on the installation's own processors: it costs nothing unless a company's own file says so."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs by the unit; None for a unit without a price. Cached input without one of its own costs what
    other input does.
    """

    provider: str
    model: str
    as_of: date
    source: str
    usd_per_million_text_input_tokens: Decimal | None = None
    usd_per_million_cached_text_input_tokens: Decimal | None = None
    usd_per_million_text_output_tokens: Decimal | None = None
    usd_per_million_audio_input_tokens: Decimal | None = None
    usd_per_million_cached_audio_input_tokens: Decimal | None = None
    usd_per_million_audio_output_tokens: Decimal | None = None
    usd_per_million_characters: Decimal | None = None
    usd_per_minute_of_audio: Decimal | None = None


Prices = Mapping[tuple[str, str], Price]
"""By provider and model."""

_UNITS = tuple(field.name for field in fields(Price) if field.name.startswith("usd_"))


def load_prices(settings: Settings) -> Prices:
    """The package's prices, and those of COST_PRICES_FILE in their place. ConfigurationError names what is wrong."""
    prices = _read(files(__package__).joinpath("prices.toml").read_text("utf-8"), "prices.toml")
    own = settings.costs.prices_file
    return {**prices, **_read(_text(own), str(own))} if own else prices


def _text(path: Path) -> str:
    try:
        return path.expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"COST_PRICES_FILE {path} cannot be read as UTF-8 text. Check the path.") from error


def _read(text: str, name: str) -> Prices:
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"The prices in {name} are no TOML: {error}.") from error
    prices = [_price(entry, name) for entry in _entries(table, name)]
    return {(price.provider, price.model): price for price in prices}


def _entries(table: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    entries = table.get("price", [])
    if table.keys() - {"price"} or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise ConfigurationError(f"The prices in {name} have to stand in [[price]] entries, and nothing else beside.")
    return entries


def _price(entry: Mapping[str, Any], name: str) -> Price:
    model = str(entry.get("model", "without a model"))
    for key, kind in {"provider": str, "model": str, "source": str, "as_of": date}.items():
        if not isinstance(entry.get(key), kind):
            example = "2026-11-26" if kind is date else '"…"'
            raise ConfigurationError(f"The price of {model} in {name} has no {key}. Write it like {key} = {example}.")
    if unknown := sorted(entry.keys() - {field.name for field in fields(Price)}):
        raise ConfigurationError(f"The price of {model} in {name} has {unknown[0]}, which is none of ours.")
    usd = {unit: _usd(entry[unit], unit, model, name) for unit in _UNITS if unit in entry}
    return Price(entry["provider"], entry["model"], entry["as_of"], entry["source"], **usd)


def _usd(value: object, unit: str, model: str, name: str) -> Decimal:
    amount = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    if amount is None or not amount.is_finite() or amount < 0:
        raise ConfigurationError(f"The price of {model} in {name} has a {unit} that is no amount: use 0 or more.")
    return amount
