"""What OpenAI's own plugins report of a request to a scripted OpenAI comes to the meter, and is priced by the list."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.support.openai import reply, serving_openai
from tests.support.openai.plugins import ask, plugins, recognise, say
from tests.support.openai.sound import SAMPLE_RATE
from tests.support.openai.tokens import text_tokens
from tests.support.settings import complete_settings

from insta_voice.agent.record.meter import Meter
from insta_voice.costs import Prices, load_prices


def list_prices_at(host: str) -> Prices:
    """OpenAI's prices, as if it were at `host`."""
    listed = load_prices(complete_settings()).values()
    return {(host, price.model): replace(price, provider=host) for price in listed}


async def test_a_speech_is_billed_by_its_tokens() -> None:
    async with serving_openai() as openai, plugins(openai) as providers:
        meter = Meter(list_prices_at(providers.tts.provider))
        meter.listen_to(providers.tts)
        said = await say(providers, "Hello there.")
    spent = meter.take("assistant")
    (used,) = spent.usages
    assert (used.text_input_tokens, used.characters) == (text_tokens("Hello there."), len("Hello there."))
    assert used.audio_output_tokens == pytest.approx(20 * sum(said.sound_s.values()), abs=1)
    assert spent.known
    assert spent.usd == (used.text_input_tokens * Decimal("0.60") + used.audio_output_tokens * 12) / 1_000_000


async def test_an_answer_is_billed_by_its_tokens() -> None:
    async with serving_openai(reply("Open the sign-in page.")) as openai, plugins(openai) as providers:
        assert providers.llm is not None
        meter = Meter(list_prices_at(providers.llm.provider))
        meter.listen_to(providers.llm)
        answered = await ask(providers.llm, "How do I reset my password?")
    spent = meter.take("assistant")
    (used,) = spent.usages
    assert answered.usage is not None
    assert (used.text_input_tokens, used.text_output_tokens) == (
        answered.usage.prompt_tokens,
        answered.usage.completion_tokens,
    )
    assert (spent.known, spent.usd > 0) == (True, True)


async def test_a_recognised_segment_is_billed_by_the_minute() -> None:
    """Its tokens are in OpenAI's answer, and LiveKit's plugin passes over them."""
    async with serving_openai() as openai, plugins(openai) as providers:
        openai.hears("Hello.")
        meter = Meter(list_prices_at(providers.stt.provider))
        meter.listen_to(providers.stt)
        await recognise(providers, bytes(SAMPLE_RATE * 2 * 3))
    spent = meter.take("caller")
    assert [usage.audio_ms for usage in spent.usages] == [3_000]
    assert (spent.known, spent.usd) == (True, Decimal("0.00015"))
