"""Which versions were measured: the comparison is of these."""

import platform
import re
import subprocess
from importlib.metadata import version

from bench.latency.pipecat_stock import PIPECAT

from insta_voice.settings import LiveKitSettings
from insta_voice.stack.livekit_config import livekit_binary


def versions() -> dict[str, str]:
    """By the name of the software."""
    server = subprocess.run(
        [livekit_binary(LiveKitSettings()), "--version"], capture_output=True, text=True, check=True
    ).stdout
    locked = re.search(r"^pipecat-ai==(\S+)", PIPECAT.requirements.read_text("utf-8"), re.MULTILINE)
    return {
        "insta-voice": version("insta-voice"),
        "livekit-agents": version("livekit-agents"),
        "livekit": version("livekit"),
        "livekit-server": server.split()[-1],
        "pipecat-ai": locked[1] if locked else "?",
        "Python": platform.python_version(),
    }
