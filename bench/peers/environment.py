"""The peers' own Python environment in `.tools/peers`, beside the product's: brought when it is missing or old."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
FOLDER = CHECKOUT / ".tools" / "peers"
PYTHON = FOLDER / "bin" / "python"
_UV = CHECKOUT / ".tools" / "uv" / "bin" / "uv"
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_INSTALLED = FOLDER / "requirements.txt"
# Haystack counts its pipelines and components at PostHog unless it is told not to; LangChain sends traces to LangSmith
# where a key and one of these variables are set. LlamaIndex has nothing of the kind. All are read at import.
TELEMETRY_OFF = {
    "HAYSTACK_TELEMETRY_ENABLED": "false",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
}


def bring() -> None:
    """Install what is locked in requirements.txt, and this checkout, unless that is there already."""
    if _INSTALLED.is_file() and _INSTALLED.read_bytes() == _REQUIREMENTS.read_bytes():
        return
    print("bringing the peers into .tools/peers (0.9 GB, once)", flush=True)
    into = ("--quiet", "--python", str(PYTHON))
    for command in (
        ("venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER)),
        ("pip", "sync", *into, "--require-hashes", str(_REQUIREMENTS)),
        ("pip", "install", *into, "--no-deps", "--no-build-isolation", "--editable", str(CHECKOUT)),
    ):
        subprocess.run([_UV, *command], check=True)
    shutil.copyfile(_REQUIREMENTS, _INSTALLED)


def enter(arguments: Sequence[str]) -> None:
    """Go on in the peers' environment, with their telemetry off; returns there."""
    if Path(sys.prefix) != FOLDER or any(os.environ.get(name) != value for name, value in TELEMETRY_OFF.items()):
        command = [str(PYTHON), "-m", "bench.peers", *arguments]
        os.execve(PYTHON, command, {**os.environ, **TELEMETRY_OFF})  # noqa: S606 - our own module, no shell
