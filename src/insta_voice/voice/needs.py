"""What each mode needs of the settings. Loads no provider: the worker looks here before it takes its first call."""

from typing import Literal

from insta_voice.errors import ConfigurationError
from insta_voice.settings import OpenAIPart, Settings

Mode = Literal["realtime", "pipeline", "local"]


def require_providers(settings: Settings, mode: Mode) -> None:
    """ConfigurationError naming the setting that the providers of `mode` miss."""
    if mode == "local" and not settings.voice.speech_url:
        raise ConfigurationError("VOICE_MODE=local needs a speech server: set VOICE_SPEECH_URL.")
    require_model(settings, mode)
    for part in settings.openai_parts(mode):
        _require_server(settings, mode, part)
    for name, chosen in (("VOICE_STT", settings.voice.stt), ("VOICE_TTS", settings.voice.tts)):
        if mode != "local" and chosen == "local" and not settings.voice.speech_url:
            raise ConfigurationError(f"{name}=local needs a speech server: set VOICE_SPEECH_URL.")


def require_model(settings: Settings, mode: Mode) -> None:
    """ConfigurationError naming the setting that the model which thinks in `mode` misses."""
    # A compatible server such as Ollama or vLLM needs no key; realtime has no such server.
    if mode == "realtime" and not settings.openai.api_key:
        raise ConfigurationError("VOICE_MODE=realtime needs OPENAI_API_KEY.")
    if mode == "pipeline":
        _require_server(settings, mode, "llm")


def _require_server(settings: Settings, mode: Mode, part: OpenAIPart) -> None:
    if not settings.openai.server(part).usable:
        raise ConfigurationError(
            f"VOICE_MODE={mode} needs OPENAI_API_KEY, or OPENAI_BASE_URL of a server without keys "
            f"(OPENAI_{part.upper()}_BASE_URL for this part alone)."
        )


def require_embedder(settings: Settings) -> None:
    """ConfigurationError naming the setting without which no question could be searched."""
    if settings.knowledge.embeddings == "local" and not settings.voice.speech_url:
        raise ConfigurationError(
            "Questions are searched with the speech server's model: set VOICE_SPEECH_URL, or "
            "KNOWLEDGE_EMBEDDINGS=openai."
        )
    if settings.knowledge.embeddings == "openai" and not (settings.openai.api_key or settings.openai.base_url):
        raise ConfigurationError("KNOWLEDGE_EMBEDDINGS=openai needs OPENAI_API_KEY.")
