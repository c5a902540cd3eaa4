"""A language model, a recogniser and a voice that are somewhere else, for as little work here as there can be:
`python -m bench.density.remote PORT FILE` is an OpenAI by script (tests/support/openai) that takes the time one takes.

It says the first sentences of the evidence it is given, in a tone. A recording is heard as the question that lasts
about as long, of those in FILE.
"""

import asyncio
import io
import json
import sys
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import numpy as np
from aiohttp import web
from bench.latency.sound import SPOKEN_DBFS
from tests.support.openai import Late, ScriptedOpenAI, diligent
from tests.support.openai.routes import Routes
from tests.support.openai.sound import Ear
from tests.support.vendors import OPENAI_KEY

from insta_voice.demo.microphone import SAMPLE_RATE_HZ, Pcm
from insta_voice.readiness import notify_ready

# To the first byte, over a network: the model as in issue 7's table (0.9 s in all), the others as quick ones are.
_LATE_S: Final[dict[Literal["chat", "speech", "transcriptions"], float]] = {
    "chat": 0.3,
    "speech": 0.2,
    "transcriptions": 0.2,
}
_FRAMES_PER_S: Final = 100


def variables(port: int) -> dict[str, str]:
    """What leads the product there."""
    return {
        "VOICE_MODE": "pipeline",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "OPENAI_API_KEY": OPENAI_KEY,
    }


def command(port: int, file: Path) -> list[str]:
    """What it is started with."""
    return [sys.executable, "-m", "bench.density.remote", str(port), str(file)]


def write_questions(file: Path, spoken: Mapping[str, Pcm]) -> None:
    """Say how long each question is, in seconds."""
    file.write_text(json.dumps({text: pcm.size / SAMPLE_RATE_HZ for text, pcm in spoken.items()}))


def ear(file: Path) -> Ear:
    """Hears those questions; before they are known, and where nobody speaks, nothing."""

    async def hear(recording: bytes) -> str:
        spoken_s, questions = _spoken_s(recording), _questions(file)
        if spoken_s == 0.0 or not questions:
            return ""
        return min(questions, key=lambda text: abs(questions[text] - spoken_s))

    return hear


def _questions(file: Path) -> dict[str, float]:
    questions: dict[str, float] = json.loads(file.read_text()) if file.is_file() else {}
    return questions


def _spoken_s(recording: bytes) -> float:
    """From the first sound of a WAV to the last."""
    with wave.open(io.BytesIO(recording)) as sound:
        frame = sound.getframerate() // _FRAMES_PER_S
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    frames = samples[: samples.size // frame * frame].reshape(-1, frame).astype(np.float64)
    (loud,) = np.nonzero(np.sqrt(np.mean(frames**2, axis=1)) > 32768 * 10 ** (SPOKEN_DBFS / 20))
    return float(loud[-1] - loud[0] + 1) / _FRAMES_PER_S if loud.size else 0.0


async def serve(port: int, file: Path) -> None:
    """Until it is told to stop."""
    openai = ScriptedOpenAI(mind=diligent, ear=ear(file))
    for where, late_s in _LATE_S.items():
        openai.fail_always(where, Late(late_s))
    runner = web.AppRunner(Routes(openai).app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    notify_ready("answers as OpenAI")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
