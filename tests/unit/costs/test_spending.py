"""What is known of a cost, and what is not."""

from datetime import date
from decimal import Decimal

import pytest

from insta_voice.costs import NOTHING, Price, Usage, spend

HOST, MODEL = "models.example", "a-model"


def prices(**units: str) -> dict[tuple[str, str], Price]:
    usd = {f"usd_per_{unit}": Decimal(amount) for unit, amount in units.items()}
    return {(HOST, MODEL): Price(HOST, MODEL, date(2026, 1, 1), "a list", **usd)}


def test_a_model_without_a_price_costs_nobody_knows_what() -> None:
    spent = spend(Usage(HOST, MODEL, text_input_tokens=10), {})
    assert (spent.known, spent.usd) == (False, 0)


def test_a_unit_without_a_price_makes_the_whole_unknown() -> None:
    table = prices(million_text_input_tokens="1")
    spent = spend(Usage(HOST, MODEL, text_input_tokens=10, audio_output_tokens=10), table)
    assert (spent.known, spent.usd) == (False, 0)


@pytest.mark.parametrize("usage", [Usage("local", "piper", characters=80, audio_ms=4000), Usage(HOST, MODEL)])
def test_local_models_and_unused_ones_cost_nothing(usage: Usage) -> None:
    spent = spend(usage, {})
    assert (spent.known, spent.usd) == (True, 0)


def test_a_company_may_put_a_price_on_its_own_processors() -> None:
    own = Price("local", "piper", date(2026, 1, 1), "our power bill", usd_per_minute_of_audio=Decimal("0.001"))
    spent = spend(Usage("local", "piper", audio_ms=60_000), {("local", "piper"): own})
    assert (spent.known, spent.usd) == (True, Decimal("0.001"))


def test_cached_input_without_a_price_of_its_own_costs_the_full_one() -> None:
    usage = Usage(HOST, MODEL, text_input_tokens=100, cached_text_input_tokens=60)
    assert spend(usage, prices(million_text_input_tokens="1")).usd == Decimal("0.0001")


def test_no_more_is_cached_than_was_sent() -> None:
    table = prices(million_text_input_tokens="1", million_cached_text_input_tokens="0.1")
    odd = Usage(HOST, MODEL, text_input_tokens=100, cached_text_input_tokens=120)
    assert spend(odd, table).usd == Decimal("0.00001")


def test_tokens_come_before_characters_and_these_before_time() -> None:
    table = prices(million_audio_output_tokens="12", minute_of_audio="0.015")
    spoken = Usage(HOST, MODEL, audio_output_tokens=1_000, audio_ms=60_000)
    assert spend(spoken, table).usd == Decimal("0.012")
    named = Usage(HOST, MODEL, characters=1_000, audio_ms=60_000)
    assert spend(named, table).usd == Decimal("0.015")
    assert spend(named, prices(million_characters="15", minute_of_audio="0.02")).usd == Decimal("0.015")


def test_spending_adds_up_by_model_and_stays_unknown() -> None:
    table = prices(million_characters="15")
    known = spend(Usage(HOST, MODEL, characters=100), table)
    both = known + spend(Usage(HOST, MODEL, characters=50), table)
    assert both.usages == (Usage(HOST, MODEL, characters=150),)
    assert both.usd == Decimal("0.00225")
    with_unknown = both + spend(Usage(HOST, "another", characters=1), table) + NOTHING
    assert (with_unknown.usd, with_unknown.known) == (both.usd, False)
    assert [usage.model for usage in with_unknown.usages] == [MODEL, "another"]


def test_many_small_costs_lose_nothing() -> None:
    table = prices(million_text_input_tokens="0.025")
    total = sum((spend(Usage(HOST, MODEL, text_input_tokens=1), table) for _ in range(1_000)), NOTHING)
    assert total.usd == Decimal("0.000025")


def test_usage_comes_back_from_the_record_as_it_was() -> None:
    usage = Usage(HOST, MODEL, text_input_tokens=5, audio_ms=1_200)
    assert usage.as_json() == {"provider": HOST, "model": MODEL, "text_input_tokens": 5, "audio_ms": 1_200}
    assert Usage.from_json({**usage.as_json(), "unit_of_tomorrow": 3}) == usage
