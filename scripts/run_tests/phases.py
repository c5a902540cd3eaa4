"""The phases of `make check` and `make test`: what each runs, and which run side by side."""

from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(".venv") / "bin"
WEB = ROOT / "web"


@dataclass(frozen=True)
class Phase:
    """A command and what it proves."""

    name: str
    command: tuple[str | Path, ...]
    cwd: Path = ROOT
    gives_way: bool = False  # computes beside what must not be late
    cache: Path | None = None  # where pytest writes down what failed, of what speaks and listens in real time


Lane = tuple[Phase, ...]  # one after the other
Together = tuple[Lane, ...]  # side by side


def _pytest(name: str, *where: str) -> Phase:
    return Phase(name, (BIN / "pytest", "-q", *where))


def _in_real_time(name: str, *where: str) -> Phase:
    cache = ROOT / ".pytest_cache" / name.replace(" ", "-").replace(":", "")
    return Phase(name, (BIN / "pytest", "-q", "-o", f"cache_dir={cache}", *where), cache=cache)


def _npm(name: str, script: str) -> Phase:
    return Phase(name, ("npm", "run", "--silent", script), WEB)


def _giving_way(*phases: Phase) -> Lane:
    return tuple(replace(phase, gives_way=True) for phase in phases)


def _page(name: str, specs: str) -> Phase:
    return _in_real_time(f"end to end: {name}", "tests/e2e/test_page.py", "-k", specs)


PYTHON: Lane = (
    Phase("lint", (BIN / "ruff", "check", "--quiet", ".")),
    Phase("format", (BIN / "ruff", "format", "--check", "--quiet", ".")),
    Phase("import contracts", (BIN / "lint-imports",)),
    Phase("types", (BIN / "mypy",)),
    Phase("types of set-up", (BIN / "mypy", "scripts/setup")),
    Phase("types of the test run", (BIN / "mypy", "scripts/run_tests")),
)
PAGE: Lane = (_npm("page: types", "typecheck"), _npm("page: lint", "lint"))
UNIT: Lane = (_pytest("unit tests", "tests/unit"), _npm("page: unit tests", "test"))

STACK = ("tests/e2e/test_stack.py", "tests/e2e/test_fire.py")  # they share one
OTHERS = tuple(f"--ignore={file}" for file in ("tests/e2e/test_page.py", *STACK))
# Two lanes that hold calls and not three: calls come near the bounds of their promises when recognition has to share
# with more than one other call. What only computes has the third lane, and what the other two leave of the processors.
TESTS: Together = (
    (_in_real_time("integration tests", "tests/integration"), _page("calls on the page", "call")),
    (
        _in_real_time("promises", "tests/promises"),
        _in_real_time("end to end: calls", "tests/e2e", *OTHERS),
        _in_real_time("end to end: the stack", *STACK),
        _page("the other pages", "not call"),
    ),
    _giving_way(*PYTHON, *PAGE, *UNIT),
)
PURPOSES: dict[str, Together] = {"check": (PYTHON, PAGE), "all": TESTS}
