"""What a worker needs of the settings is said in one sentence before it takes a call, and built from one place."""

import pytest
from tests.support.settings import complete_settings

from insta_voice.agent.minds import build_parts
from insta_voice.agent.worker.server import run_worker
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
    ("variables", "address", "model"),
    [
        (SPEECH, "http://127.0.0.1:9/v1/", "all-MiniLM-L6-v2"),
        ({**OPENAI, "KNOWLEDGE_EMBEDDINGS": "openai"}, "https://api.openai.com/v1/", "text-embedding-3-small"),
    ],
)
async def test_questions_become_vectors_where_the_settings_say(
    variables: dict[str, str], address: str, model: str
) -> None:
    parts = build_parts(complete_settings(**variables))
    assert isinstance(parts.embedder, HttpEmbedder)
    assert (str(parts.embedder._client.base_url), parts.embedder.model) == (address, model)
    await parts.aclose()
