"""`insta-voice speech`: runs the local speech server on the address of VOICE_SPEECH_URL."""

import typer

from insta_voice.errors import ConfigurationError
from insta_voice.settings import get_settings

app = typer.Typer(add_completion=False)


@app.command()
def speech() -> None:
    """Run the local speech server: recognition, speech and vectors on the CPU, for all calls of this machine.

    Example: VOICE_SPEECH_URL=http://127.0.0.1:8090 insta-voice speech
    """
    url = get_settings().voice.speech_url
    if not url:
        raise ConfigurationError("Set VOICE_SPEECH_URL to the address to listen on, like http://127.0.0.1:8090.")
    from insta_voice.telemetry import configure_logging
    from insta_voice.voice.local.model_files import require_model_files
    from insta_voice.voice.local.server import serve

    configure_logging("speech")
    require_model_files()
    serve(url)
