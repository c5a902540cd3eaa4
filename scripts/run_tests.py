"""`python scripts/run_tests.py check|all`: the phases of `make check` and `make test`, each with its seconds.

A phase that fails does not stop the later ones: one run tells everything that is wrong. Exit code 1 when any failed.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(".venv") / "bin"
WEB = ROOT / "web"


@dataclass(frozen=True)
class Phase:
    """A command and what it proves."""

    name: str
    command: tuple[str | Path, ...]
    cwd: Path = ROOT


CHECK = (
    Phase("lint", (BIN / "ruff", "check", "--quiet", ".")),
    Phase("format", (BIN / "ruff", "format", "--check", "--quiet", ".")),
    Phase("types", (BIN / "mypy",)),
    Phase("types of set-up", (BIN / "mypy", "scripts/run_tests.py", "scripts/setup")),
    Phase("import contracts", (BIN / "lint-imports",)),
    Phase("page: lint", ("npm", "run", "--silent", "lint"), WEB),
    Phase("page: types", ("npm", "run", "--silent", "typecheck"), WEB),
)
TESTS = (
    Phase("unit tests", (BIN / "pytest", "-q", "tests/unit")),
    Phase("page: unit tests", ("npm", "run", "--silent", "test"), WEB),
    Phase("promises", (BIN / "pytest", "-q", "tests/promises")),
    Phase("integration tests", (BIN / "pytest", "-q", "tests/integration")),
    Phase("end to end", (BIN / "pytest", "-q", "tests/e2e")),
)
PURPOSES = {"check": CHECK, "all": CHECK + TESTS}


def run_phases(phases: tuple[Phase, ...]) -> list[tuple[Phase, float, bool]]:
    """Run each phase with its output shown; gives (phase, seconds, passed)."""
    results = []
    for phase in phases:
        print(f"\n── {phase.name}", flush=True)
        started = time.monotonic()
        code = subprocess.run([str(part) for part in phase.command], cwd=phase.cwd, check=False).returncode
        took = time.monotonic() - started
        print(f"   {phase.name}: {'passed' if code == 0 else 'FAILED'} ({took:.1f} s)", flush=True)
        results.append((phase, took, code == 0))
    return results


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        print(f"usage: run_tests.py {'|'.join(PURPOSES)}", file=sys.stderr)
        return 2
    results = run_phases(PURPOSES[arguments[0]])
    print("\nseconds  phase")
    for phase, took, passed in results:
        print(f"{took:7.1f}  {phase.name}{'' if passed else '  FAILED'}")
    print(f"{sum(took for _, took, _ in results):7.1f}  in all")
    return 0 if all(passed for _, _, passed in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
