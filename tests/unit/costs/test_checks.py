"""A budget that cannot be counted stops the start, in a sentence."""

from pathlib import Path

import pytest
from tests.support.settings import complete_settings

from insta_voice.auth.safety import refuse_unsafe, refuse_unsafe_part
from insta_voice.costs import cost_reasons
from insta_voice.errors import ConfigurationError

BUDGET = {"COST_DAY_BUDGET_USD": "20"}
OLLAMA = {
    "VOICE_MODE": "pipeline",
    "OPENAI_BASE_URL": "http://ollama.internal:11434/v1",
    "OPENAI_LLM_MODEL": "llama3",
    "OPENAI_TTS_MODEL": "kokoro",
    "OPENAI_STT_MODEL": "whisper",
}
FREE = '[[price]]\nprovider = "{}"\nmodel = "{}"\nas_of = 2026-11-26\nsource = "ours"\nusd_per_minute_of_audio = 0\n'


@pytest.mark.parametrize(
    "variables",
    [
        {},
        OLLAMA,
        {**BUDGET, "VOICE_MODE": "local"},
        {**BUDGET, "OPENAI_API_KEY": "sk-test", "KNOWLEDGE_EMBEDDINGS": "openai"},
        {**BUDGET, "OPENAI_API_KEY": "sk-test", "VOICE_MODE": "pipeline"},
    ],
)
def test_what_can_be_counted_or_is_not_bounded_starts(variables: dict[str, str]) -> None:
    settings = complete_settings(**variables)
    assert list(cost_reasons(settings)) == []
    refuse_unsafe_part(settings)


@pytest.mark.parametrize("budget", ["COST_CALL_BUDGET_USD", "COST_USER_DAY_BUDGET_USD", "COST_DAY_BUDGET_USD"])
def test_a_budget_that_would_be_passed_unnoticed_does_not(budget: str) -> None:
    settings = complete_settings(**OLLAMA, **{budget: "1"})
    with pytest.raises(ConfigurationError, match=r"llama3 at ollama\.internal:11434, kokoro at .*, whisper at "):
        refuse_unsafe(settings)


@pytest.mark.parametrize(
    ("variables", "unpriced"),
    [
        ({"VOICE_MODE": "realtime", "OPENAI_REALTIME_MODEL": "gpt-next"}, "gpt-next"),
        ({"VOICE_MODE": "realtime", "OPENAI_TTS_MODEL": "tts-next"}, "tts-next"),
        ({"VOICE_MODE": "realtime", "OPENAI_STT_MODEL": "ears-next"}, "ears-next"),  # where no speech server hears
        ({"VOICE_MODE": "local", "KNOWLEDGE_EMBEDDINGS": "openai", "OPENAI_EMBEDDING_MODEL": "vectors"}, "vectors"),
    ],
)
def test_every_model_that_a_call_may_be_billed_for_needs_a_price(variables: dict[str, str], unpriced: str) -> None:
    speech = {"VOICE_SPEECH_URL": "ws://127.0.0.1:9"}
    (reason,) = cost_reasons(complete_settings(**BUDGET, **speech, OPENAI_API_KEY="sk-test", **variables))
    assert f"no price for {unpriced} at api.openai.com:" in reason


def test_zero_is_a_price(tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text("".join(FREE.format("ollama.internal:11434", model) for model in ("llama3", "kokoro", "whisper")))
    assert list(cost_reasons(complete_settings(**OLLAMA, **BUDGET, COST_PRICES_FILE=str(prices)))) == []


@pytest.mark.parametrize(("value", "mend"), [("0", "more than 0"), ("much", "a number"), ("inf", "a number")])
def test_a_budget_is_an_amount(monkeypatch: pytest.MonkeyPatch, value: str, mend: str) -> None:
    from insta_voice.settings import get_settings

    monkeypatch.setenv("COST_DAY_BUDGET_USD", value)
    get_settings.cache_clear()
    with pytest.raises(ConfigurationError, match=f"COST_DAY_BUDGET_USD cannot be .* It has to be {mend}"):
        get_settings()
    get_settings.cache_clear()
