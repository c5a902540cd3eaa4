"""What a worker needs of the settings is said in one sentence before it takes a call, and built from one place."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.agents.metrics import STTMetrics
from livekit.agents.metrics.base import Metadata
from tests.support.settings import complete_settings

from insta_voice.agent.hearing import FallbackRecognizer
from insta_voice.agent.minds import build_parts
from insta_voice.agent.worker import job
from insta_voice.agent.worker.server import run_worker
from insta_voice.costs import Usage
from insta_voice.errors import ConfigurationError
from insta_voice.knowledge import HttpEmbedder
from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.languages import ENGLISH, GERMAN, Language
from insta_voice.voice.fallback import FallbackTTS

OPENAI = {"OPENAI_API_KEY": "sk-test"}
SPEECH = {"VOICE_SPEECH_URL": "ws://127.0.0.1:9"}


async def _examine() -> None:
    raise AssertionError("nobody is asked before it is known whether the settings are whole")


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
        await run_worker(settings, _examine)
    with pytest.raises(ConfigurationError, match=missing):
        build_parts(settings)


@pytest.mark.parametrize(
    ("variables", "address", "model", "usd"),
    [
        (SPEECH, "http://127.0.0.1:9/v1/", LOCAL_MODEL, "0"),
        ({**OPENAI, "KNOWLEDGE_EMBEDDINGS": "openai"}, "https://api.openai.com/v1/", "text-embedding-3-small", "0.02"),
    ],
)
async def test_questions_become_vectors_where_the_settings_say(
    variables: dict[str, str], address: str, model: str, usd: str
) -> None:
    parts = build_parts(complete_settings(**variables))
    embedder = parts.embedder.wanted
    assert isinstance(embedder, HttpEmbedder)
    assert (str(embedder._client.base_url), embedder.model) == (address, model)
    embedder.used(Usage(embedder._provider, model, text_input_tokens=1_000_000))
    assert (parts.meter.total.usd, parts.meter.total.known) == (Decimal(usd), True)
    await parts.aclose()


@pytest.mark.parametrize(
    ("stand_in", "language", "behind"),
    [
        ("local", ENGLISH, ["grounded"]),
        ("pipeline", ENGLISH, ["gpt-5-mini", "grounded"]),
        ("pipeline", GERMAN, ["gpt-5-mini"]),
        ("local", GERMAN, []),
    ],
)
async def test_behind_a_realtime_model_stands_who_is_named(
    stand_in: str, language: Language, behind: list[str]
) -> None:
    settings = complete_settings(**OPENAI, **SPEECH, VOICE_MODE="realtime", VOICE_STAND_IN=stand_in)
    parts = build_parts(settings, language)
    assert [mind.model for mind in parts.stand_ins] == behind
    await parts.aclose()


@pytest.mark.parametrize("mode", [{"VOICE_MODE": "pipeline"}, {"VOICE_MODE": "realtime", "VOICE_STAND_IN": "pipeline"}])
async def test_every_model_of_a_call_reports_to_its_meter(mode: dict[str, str]) -> None:
    parts = build_parts(complete_settings(**OPENAI, **mode, KNOWLEDGE_EMBEDDINGS="openai"))
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


async def test_who_speaks_german_has_openai_and_nobody_in_its_place() -> None:
    variables = {**OPENAI, **SPEECH, "LANGUAGES": "en,de", "VOICE_MODE": "pipeline"}
    for language in (ENGLISH, GERMAN):
        parts = build_parts(complete_settings(**variables), language)
        has_local = language == ENGLISH
        assert isinstance(parts.providers.tts, FallbackTTS) == has_local
        assert isinstance(parts.recognizer, FallbackRecognizer) == has_local
        assert bool(parts.stand_ins) == has_local
        assert (parts.providers.speech is not None) == has_local
        await parts.aclose()


async def test_a_process_made_ready_for_one_language_holds_a_call_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = complete_settings(**OPENAI, **SPEECH, LANGUAGES="en,de")
    monkeypatch.setattr(job, "get_settings", lambda: settings)
    process: Any = SimpleNamespace(userdata={})
    job.prewarm(process)
    ready = dict(process.userdata)
    assert ready["parts"].language == ENGLISH
    await job._speak(process, settings, ENGLISH)
    assert process.userdata == ready, "nothing is done twice"
    await job._speak(process, settings, GERMAN)
    assert process.userdata["parts"].language == GERMAN
    assert process.userdata["prompt_version"] != ready["prompt_version"]
    await process.userdata["parts"].aclose()
