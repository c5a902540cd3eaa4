"""What a worker needs of the settings is said in one sentence before it takes a call, and built from one place."""

from decimal import Decimal

import pytest
from livekit.agents.metrics import STTMetrics
from livekit.agents.metrics.base import Metadata
from tests.support.settings import complete_settings

from insta_voice.agent.minds import build_parts
from insta_voice.agent.worker.server import run_worker
from insta_voice.costs import Usage
from insta_voice.errors import ConfigurationError
from insta_voice.knowledge import HttpEmbedder

OPENAI = {"OPENAI_API_KEY": "sk-test"}
SPEECH = {"VOICE_SPEECH_URL": "ws://127.0.0.1:9"}


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, "VOICE_SPEECH_URL"),
        (OPENAI, "VOICE_SPEECH_URL"),
        ({"VOICE_MODE": "realtime", **SPEECH}, "OPENAI_API_KEY"),
        ({"VOICE_MODE": "pipeline", **SPEECH}, "OPENAI_API_KEY"),
        ({"VOICE_MODE": "local", "KNOWLEDGE_EMBEDDINGS": "openai", **SPEECH}, "OPENAI_API_KEY"),
    ],
)
async def test_a_worker_without_a_setting_its_calls_need_says_which(variables: dict[str, str], missing: str) -> None:
    settings = complete_settings(**variables)
    with pytest.raises(ConfigurationError, match=missing):
        await run_worker(settings)
    with pytest.raises(ConfigurationError, match=missing):
        build_parts(settings)


@pytest.mark.parametrize(
    ("variables", "address", "model", "usd"),
    [
        (SPEECH, "http://127.0.0.1:9/v1/", "all-MiniLM-L6-v2", "0"),
        ({**OPENAI, "KNOWLEDGE_EMBEDDINGS": "openai"}, "https://api.openai.com/v1/", "text-embedding-3-small", "0.02"),
    ],
)
async def test_questions_become_vectors_where_the_settings_say(
    variables: dict[str, str], address: str, model: str, usd: str
) -> None:
    parts = build_parts(complete_settings(**variables))
    assert isinstance(parts.embedder, HttpEmbedder)
    assert (str(parts.embedder._client.base_url), parts.embedder.model) == (address, model)
    parts.embedder.used(Usage(parts.embedder._provider, model, text_input_tokens=1_000_000))
    assert (parts.meter.total.usd, parts.meter.total.known) == (Decimal(usd), True)
    await parts.aclose()


async def test_every_model_of_a_call_reports_to_its_meter() -> None:
    parts = build_parts(complete_settings(**OPENAI, VOICE_MODE="pipeline", KNOWLEDGE_EMBEDDINGS="openai"))
    models = (parts.providers.stt, parts.providers.tts, parts.providers.llm)
    for model in models:
        assert model is not None
        model.emit("metrics_collected", recognised(model.model, model.provider))
    assert {(usage.provider, usage.model) for usage in parts.meter.total.usages} == {
        ("api.openai.com", name) for name in ("gpt-4o-mini-transcribe", "gpt-4o-mini-tts", "gpt-5-mini")
    }
    await parts.aclose()


def recognised(model: str, provider: str) -> STTMetrics:
    """Any report would do: the meter asks what it says, not who sent it."""
    return STTMetrics(
        label="x",
        request_id="r",
        timestamp=0.0,
        duration=1.0,
        audio_duration=1.0,
        streamed=False,
        metadata=Metadata(model_name=model, model_provider=provider),
    )
