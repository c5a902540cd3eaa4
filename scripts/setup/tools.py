"""What the steps share: where things lie, running a program, and knowing that nothing has changed."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from graph import StepFailedError

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
STAMPS = TOOLS / "stamps"  # there once a step has been done
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
UV = TOOLS / "uv" / "bin" / "uv"
LAST_LINES = 15


def run(
    command: Sequence[str | Path],
    *,
    mend: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a program to its end and give its output. Failing raises StepFailedError with `mend` and the last lines."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise StepFailedError(mend, "\n".join(done.stdout.splitlines()[-LAST_LINES:]))
    return done.stdout


def require(program: str, mend: str) -> Path:
    """Where a program is, or the sentence that brings it."""
    found = shutil.which(program)
    if not found:
        raise StepFailedError(mend)
    return Path(found)


def fingerprint(paths: Iterable[Path], *facts: str) -> str:
    """A hash of files' contents (folders are walked; missing ones count as missing) and of further facts."""
    digest = hashlib.sha256("\0".join((sys.platform, os.uname().machine, *facts)).encode())
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest()


class Stamp:
    """Remembers the inputs a step was last done with, so that it is not done again for the same ones."""

    def __init__(self, name: str, inputs: str, outputs: Sequence[Path]) -> None:
        self._file = STAMPS / name
        self._inputs = inputs
        self._outputs = outputs

    def fresh(self) -> bool:
        return (
            all(path.exists() for path in self._outputs)
            and self._file.is_file()
            and self._file.read_text() == self._inputs
        )

    def write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(f".{os.getpid()}")
        partial.write_text(self._inputs)
        os.replace(partial, self._file)
