"""What we and the media server know and nobody else."""

from insta_voice.errors import ConfigurationError
from insta_voice.settings import LiveKitSettings


def server_keys(settings: LiveKitSettings) -> tuple[str, str]:
    """Key and secret; ConfigurationError when the server is not set."""
    if not settings.url or not settings.api_key or not settings.api_secret:
        raise ConfigurationError("LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are needed. Set all three.")
    return settings.api_key, settings.api_secret.get_secret_value()
