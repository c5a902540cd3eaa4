"""`make demo MODE=realtime` and `MODE=pipeline`: `insta-voice demo` with a scripted OpenAI in the place of OpenAI.

It is given to the product by the settings that lead to OpenAI, and by nothing else. It hears what the product sends it,
with the recogniser of the installation's speech server, thinks as `diligent`, and speaks in tones with the words beside
them: OpenAI's voice costs this machine nothing, and a local one in its place came too late on a busy machine.
"""

import argparse
import asyncio
import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from tests.support.openai import ScriptedOpenAI, diligent, serving_openai
from tests.support.openai.sound import Ear

from insta_voice.stack.up_file import read_up_file

MODES = ("realtime", "pipeline")
DEMO = (str(Path(sys.executable).parent / "insta-voice"), "demo")
_ABOUT = (
    "OpenAI is played by a script on this machine (tests/support/openai): it says the first sentences of what it is "
    "given, in tones, and how long it takes says nothing of OpenAI."
)


def data_dir() -> Path:
    """Beside what may run in another mode: a mode is chosen at start."""
    return Path(os.environ.get("INSTA_DATA_DIR") or ".data").absolute() / "demo-on-openai"


def environment(mode: str, openai: ScriptedOpenAI) -> dict[str, str]:
    """What the product is started with: all of OpenAI's parts are `openai`, whatever `.env` says."""
    parts = {
        f"OPENAI_{part}_{name}": value
        for part in ("LLM", "STT", "TTS")
        for name, value in (("BASE_URL", openai.url), ("API_KEY", openai.address["api_key"]))
    }
    return {**os.environ, **openai.settings, **parts, "VOICE_MODE": mode, "INSTA_DATA_DIR": str(data_dir())}


def local_ear(data_dir: Path) -> Ear:
    """The recogniser of the installation there, which is ready before anybody can call."""

    async def hear(recording: bytes) -> str:
        up = read_up_file(data_dir)
        if up is None:  # everything is being stopped: nobody calls before it is ready
            return ""
        assert up.speech_url, "`insta-voice demo` refuses an installation without one"
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(recording), filename="turn.wav", content_type="audio/wav")
        async with (
            aiohttp.ClientSession(up.speech_url, raise_for_status=True) as speech_server,
            speech_server.post("/v1/audio/transcriptions", data=form) as answer,
        ):
            words: str = (await answer.json())["text"]
        return words

    return hear


async def hold(mode: str, command: Sequence[str]) -> int:
    """Hold the demo by its command; its exit code. It ends before OpenAI does, and stops what it has started."""
    print(_ABOUT, file=sys.stderr, flush=True)
    async with serving_openai(mind=diligent, ear=local_ear(data_dir())) as openai:
        demo = await asyncio.create_subprocess_exec(*command, env=environment(mode, openai), start_new_session=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, demo.send_signal, signal.SIGINT)
        return await demo.wait()


def main() -> int:
    """See `hold`."""
    parser = argparse.ArgumentParser(prog="make demo", usage="make demo MODE=local|realtime|pipeline [ARGS=…]")
    parser.add_argument("mode", choices=MODES)
    wanted, arguments = parser.parse_known_args()
    return asyncio.run(hold(wanted.mode, [*DEMO, *arguments]))


if __name__ == "__main__":
    sys.exit(main())
