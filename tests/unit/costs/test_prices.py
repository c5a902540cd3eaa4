"""The price files: every price with its day and its page, a company's own before ours, mistakes in a sentence."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.settings import complete_settings

from insta_voice.auth.safety import refuse_unsafe_part
from insta_voice.costs import Prices, load_prices
from insta_voice.errors import ConfigurationError
from insta_voice.settings import OpenAISettings

OPENAI = "api.openai.com"
ENTRY = """
[[price]]
provider = "api.openai.com"
model = "gpt-5-mini"
as_of = 2026-01-01
source = "our contract"
usd_per_million_text_input_tokens = 0.20
"""


def with_file(path: Path, text: str) -> Prices:
    path.write_text(text)
    return load_prices(complete_settings(COST_PRICES_FILE=str(path)))


def test_every_model_of_the_default_settings_has_a_price() -> None:
    prices = load_prices(complete_settings())
    models = {field.default for name, field in OpenAISettings.model_fields.items() if name.endswith("_model")}
    assert {model for provider, model in prices if provider == OPENAI} >= models


def test_every_price_says_when_and_where_it_was_found() -> None:
    for price in load_prices(complete_settings()).values():
        assert price.as_of >= date(2026, 1, 1)
        assert price.source.startswith("https://developers.openai.com/")
        units = [getattr(price, field.name) for field in fields(price) if field.name.startswith("usd_")]
        assert any(unit is not None for unit in units), price.model


def test_a_companys_own_price_comes_before_ours(tmp_path: Path) -> None:
    prices = with_file(tmp_path / "prices.toml", ENTRY)
    own = prices[OPENAI, "gpt-5-mini"]
    assert (own.source, own.usd_per_million_text_input_tokens) == ("our contract", Decimal("0.20"))
    assert own.usd_per_million_text_output_tokens is None, "an entry replaces the whole of ours"
    assert (OPENAI, "gpt-realtime") in prices


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[[price]", "no TOML"),
        ("[prices]\n", "[[price]]"),
        ("price = 3\n", "[[price]]"),
        (ENTRY.replace('model = "gpt-5-mini"', ""), "has no model"),
        (ENTRY.replace("as_of = 2026-01-01", 'as_of = "2026"'), "has no as_of"),
        (ENTRY.replace("usd_per_million_text_input_tokens", "usd_per_token"), "usd_per_token"),
        (ENTRY.replace("0.20", "-0.20"), "no amount"),
        (ENTRY.replace("0.20", "nan"), "no amount"),
        (ENTRY.replace("0.20", "true"), "no amount"),
    ],
)
def test_a_mistake_is_a_reason_not_to_start(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        with_file(tmp_path / "prices.toml", text)
    assert wrong in refused.value.message
    with pytest.raises(ConfigurationError, match=r"prices\.toml"):
        refuse_unsafe_part(complete_settings(COST_PRICES_FILE=str(tmp_path / "prices.toml")))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="COST_PRICES_FILE"):
        load_prices(complete_settings(COST_PRICES_FILE=str(tmp_path / "none.toml")))
