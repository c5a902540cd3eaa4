"""The arithmetic against examples that somebody else published, each with its source."""

from datetime import date
from decimal import Decimal

import pytest
from tests.support.settings import complete_settings

from insta_voice.costs import Price, Usage, load_prices, spend

OPENAI = "api.openai.com"
PRICES = load_prices(complete_settings())


def cost(model: str, **amounts: int) -> Decimal:
    spent = spend(Usage(OPENAI, model, **amounts), PRICES)
    assert spent.known
    return spent.usd


def test_a_realtime_call_of_two_turns() -> None:
    """Tokens of OpenAI's guide "Managing costs" (developers.openai.com/api/docs/guides/realtime-costs): 100 of
    instructions and 20 of the caller's voice, answered by 10 of text and 20 of voice; then 110 and 64 go in, and what
    was said in the first turn may be cached.
    """
    answer = {"text_output_tokens": 10, "audio_output_tokens": 20}
    # (100 × 4 + 20 × 32 + 10 × 16 + 20 × 64) ÷ 1,000,000
    assert cost("gpt-realtime", text_input_tokens=100, audio_input_tokens=20, **answer) == Decimal("0.00248")
    second = {"text_input_tokens": 110, "audio_input_tokens": 64, **answer}
    # (110 × 4 + 64 × 32 + 10 × 16 + 20 × 64) ÷ 1,000,000
    assert cost("gpt-realtime", **second) == Decimal("0.003928")
    cached = {"cached_text_input_tokens": 100, "cached_audio_input_tokens": 20}
    # (10 × 4 + 100 × 0.40 + 44 × 32 + 20 × 0.40 + 10 × 16 + 20 × 64) ÷ 1,000,000
    assert cost("gpt-realtime", **second, **cached) == Decimal("0.002936")


def test_two_speeches_as_they_were_billed() -> None:
    """One text of 877 tokens, spoken twice by gpt-4o-mini-tts: OpenAI's bill said 0.0010524 of input and 0.12942 of
    sound, which is 10,785 tokens (raw.githubusercontent.com/sanand0/blog/main/posts/2025/openai-tts-cost.md).
    """
    assert cost("gpt-4o-mini-tts", text_input_tokens=2 * 877) == Decimal("0.0010524")
    assert cost("gpt-4o-mini-tts", audio_output_tokens=10_785) == Decimal("0.12942")


def test_a_speech_by_the_character_as_it_was_billed() -> None:
    """The same text without the line's end, 4,095 characters, by tts-1: the bill said 0.061425 (the same page)."""
    assert cost("tts-1", characters=4_095, audio_ms=256_000) == Decimal("0.061425")


@pytest.mark.parametrize(("seconds", "usd"), [(90, "0.075"), (60, "0.05")])
def test_a_session_by_the_second(seconds: int, usd: str) -> None:
    """Of OpenAI's guide "Voice latency and cost": 90 seconds ÷ 60 × 0.05 = 0.075, and a minute saved saves 0.05
    (developers.openai.com/api/docs/guides/voice-latency-cost).
    """
    by_minute = Price(OPENAI, "voice", date(2026, 11, 26), "the guide", usd_per_minute_of_audio=Decimal("0.05"))
    spent = spend(Usage(OPENAI, "voice", audio_ms=seconds * 1000), {(OPENAI, "voice"): by_minute})
    assert spent.usd == Decimal(usd)


def test_input_that_was_partly_cached() -> None:
    """The formula of community.openai.com/t/1099176: what was cached is taken from the input and has its own price."""
    spent = cost("gpt-5-mini", text_input_tokens=2_006, cached_text_input_tokens=1_920, text_output_tokens=300)
    assert spent == (86 * Decimal("0.25") + 1_920 * Decimal("0.025") + 300 * 2) / 1_000_000
