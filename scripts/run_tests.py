"""`python scripts/run_tests.py check|all`: the phases of `make check` and `make test`, each with its seconds.

A phase that fails does not stop the later ones: one run tells everything that is wrong. Exit code 1 when any failed.
Phases that mostly wait (for audio in real time, for processes to come back) run side by side on the two processors.
"""

import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(".venv") / "bin"
WEB = ROOT / "web"
STILL_AT_IT_S = 60.0


@dataclass(frozen=True)
class Phase:
    """A command and what it proves."""

    name: str
    command: tuple[str | Path, ...]
    cwd: Path = ROOT


@dataclass(frozen=True)
class Result:
    """How a phase ended."""

    phase: Phase
    took_s: float
    passed: bool


Together = tuple[Phase, ...]

CHECK: tuple[Together, ...] = (
    (Phase("lint", (BIN / "ruff", "check", "--quiet", ".")),),
    (Phase("format", (BIN / "ruff", "format", "--check", "--quiet", ".")),),
    (Phase("import contracts", (BIN / "lint-imports",)),),
    (
        Phase("types", (BIN / "mypy",)),
        Phase("page: types", ("npm", "run", "--silent", "typecheck"), WEB),
    ),
    (
        Phase("types of set-up", (BIN / "mypy", "scripts/run_tests.py", "scripts/setup")),
        Phase("page: lint", ("npm", "run", "--silent", "lint"), WEB),
    ),
)
TESTS: tuple[Together, ...] = (
    (
        Phase("unit tests", (BIN / "pytest", "-q", "tests/unit")),
        Phase("page: unit tests", ("npm", "run", "--silent", "test"), WEB),
    ),
    (
        Phase("promises", (BIN / "pytest", "-q", "tests/promises")),
        Phase("integration tests", (BIN / "pytest", "-q", "tests/integration")),
    ),
    # Alone: it measures at the caller's ear and kills what the others would be using.
    (Phase("end to end", (BIN / "pytest", "-q", "tests/e2e")),),
)
PURPOSES = {"check": CHECK, "all": CHECK + TESTS}


def run_phase(phase: Phase) -> tuple[Result, str]:
    """Run a phase; gives how it ended and what it said."""
    started = time.monotonic()
    command = [str(part) for part in phase.command]
    # A file and not a pipe: a process that a test left behind must not keep the run waiting for the pipe's end.
    with tempfile.TemporaryFile() as said:
        code = subprocess.run(command, cwd=phase.cwd, stdout=said, stderr=subprocess.STDOUT, check=False).returncode
        said.seek(0)
        output = said.read().decode(errors="replace")
    return Result(phase, time.monotonic() - started, code == 0), output


def run_together(phases: Together) -> list[Result]:
    """Run phases side by side, each with its output in one piece when it ends."""
    names = " and ".join(phase.name for phase in phases)
    print(f"\n── {names}", flush=True)
    ended = threading.Event()
    threading.Thread(target=_say_still_at_it, args=(names, ended), daemon=True).start()
    results = []
    with ThreadPoolExecutor(max_workers=len(phases)) as pool:
        for future in as_completed(pool.submit(run_phase, phase) for phase in phases):
            result, said = future.result()
            print(said.rstrip())
            print(
                f"   {result.phase.name}: {'passed' if result.passed else 'FAILED'} ({result.took_s:.1f} s)", flush=True
            )
            results.append(result)
    ended.set()
    return results


def _say_still_at_it(names: str, ended: threading.Event) -> None:
    started = time.monotonic()
    while not ended.wait(STILL_AT_IT_S):
        print(f"   … still at {names} after {time.monotonic() - started:.0f} s", flush=True)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        print(f"usage: run_tests.py {'|'.join(PURPOSES)}", file=sys.stderr)
        return 2
    started = time.monotonic()
    results = [result for phases in PURPOSES[arguments[0]] for result in run_together(phases)]
    print("\nseconds  phase")
    for result in results:
        print(f"{result.took_s:7.1f}  {result.phase.name}{'' if result.passed else '  FAILED'}")
    print(f"{time.monotonic() - started:7.1f}  in all")
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
