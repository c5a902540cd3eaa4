"""The phases of `make check` and `make test`: what each runs, and which run side by side."""

from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(".venv") / "bin"
WEB = ROOT / "web"
PAGE_TESTS = ("tests/e2e/test_page.py", "tests/e2e/test_page_openai.py")  # they share a stack


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


def _npm(name: str, script: str, *options: str) -> Phase:
    return Phase(name, ("npm", "run", "--silent", script, *options), WEB)


def _giving_way(*phases: Phase) -> Lane:
    return tuple(replace(phase, gives_way=True) for phase in phases)


def _page(name: str, specs: str) -> Phase:
    return _in_real_time(f"end to end: {name}", *PAGE_TESTS, "-k", specs)


PYTHON: Lane = (
    Phase("lint", (BIN / "ruff", "check", "--quiet", ".")),
    Phase("format", (BIN / "ruff", "format", "--check", "--quiet", ".")),
    Phase("import contracts", (BIN / "lint-imports",)),
    Phase("types", (BIN / "mypy",)),
    Phase("types of set-up", (BIN / "mypy", "scripts/setup")),
    Phase("types of the test run", (BIN / "mypy", "scripts/run_tests")),
)
PAGE: Lane = (_npm("page: types", "typecheck"), _npm("page: lint", "lint"))
# A worker of vitest has a minute to start, and may need more where it gives way: one, that starts once.
ONE_WORKER = ("--maxWorkers=1", "--no-isolate")
UNIT: Lane = (_pytest("unit tests", "tests/unit"), _npm("page: unit tests", "test", "--", *ONE_WORKER))

STACK = ("tests/e2e/test_stack.py", "tests/e2e/test_fire.py")  # they share one
FAULTS = "tests/e2e/test_openai_faults.py"  # `make faults`: the unit tests play all of its table on a virtual clock
OTHERS = tuple(f"--ignore={file}" for file in (*PAGE_TESTS, *STACK, FAULTS))
UNHEARD = "call-typed or call-microphone"
# Whole calls on a virtual clock: they wait for nothing, and only compute.
IN_MEMORY = tuple(f"tests/promises/test_promise_{name}.py" for name in ("13_dead_air", "15_calls_in_memory"))
SPEECH, NO_SPEECH = ("-m", "speech"), ("-m", "not speech")
# One lane that speaks: on two processors a call beside another is misheard now and then, and comes near the bounds of
# its promises. The page's calls are its last, as a browser that plays and records takes the most: what only computes is
# beside them, and gives way. The other pages, among them the calls in which nobody has to be understood (typed, or a
# microphone that beeps), are where the other lane's calls have no browser.
TESTS: Together = (
    (
        _in_real_time("integration tests: calls", "tests/integration", *SPEECH),
        _in_real_time("promises: calls", "tests/promises", *SPEECH),
        _in_real_time("end to end: the stack", *STACK),
        _in_real_time("end to end: calls", "tests/e2e", *OTHERS),
        _page("calls on the page", f"call and not ({UNHEARD})"),
    ),
    (
        _in_real_time("promises", "tests/promises", *NO_SPEECH, *(f"--ignore={file}" for file in IN_MEMORY)),
        _page("the other pages", f"not call or {UNHEARD}"),
        _in_real_time("integration tests", "tests/integration", *NO_SPEECH),
        *_giving_way(*PYTHON, *PAGE, *UNIT, _pytest("promises: calls in memory", *IN_MEMORY)),
    ),
)
PURPOSES: dict[str, Together] = {"check": (PYTHON, PAGE), "all": TESTS}
