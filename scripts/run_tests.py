"""`python scripts/run_tests.py check|all`: the phases of `make check` and `make test`, each with its seconds.

A phase that fails does not stop the later ones: one run tells everything that is wrong. Exit code 1 when any failed.
What runs in real time (calls, pages, parts that come back) leaves the two processors idle for some of it: what only
computes runs beside it and gives way.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(".venv") / "bin"
WEB = ROOT / "web"
STILL_AT_IT_S = 60.0
# A tenth of a share: enough that tests with a time limit of their own keep it. Linux shares the processors out by
# session first (autogroup), so that what gives way has a session of its own and is nice as a whole.
GIVE_WAY = '(echo 10 > /proc/self/autogroup) 2>/dev/null; exec nice -n 10 "$@"'
GIVING_WAY: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Phase:
    """A command and what it proves."""

    name: str
    command: tuple[str | Path, ...]
    cwd: Path = ROOT
    gives_way: bool = False  # computes beside what must not be late


@dataclass(frozen=True)
class Result:
    """How a phase ended."""

    phase: Phase
    took_s: float
    cpu_s: float  # of both processors, with every process the phase waited for
    exit_code: int

    @property
    def passed(self) -> bool:
        return self.exit_code == 0


Lane = tuple[Phase, ...]  # one after the other
Together = tuple[Lane, ...]  # side by side


def _pytest(name: str, *where: str) -> Phase:
    return Phase(name, (BIN / "pytest", "-q", *where))


def _npm(name: str, script: str) -> Phase:
    return Phase(name, ("npm", "run", "--silent", script), WEB)


def _giving_way(*phases: Phase) -> Lane:
    return tuple(replace(phase, gives_way=True) for phase in phases)


def _page(name: str, specs: str) -> Phase:
    return _pytest(f"end to end: {name}", "tests/e2e/test_page.py", "-k", specs)


PYTHON: Lane = (
    Phase("lint", (BIN / "ruff", "check", "--quiet", ".")),
    Phase("format", (BIN / "ruff", "format", "--check", "--quiet", ".")),
    Phase("import contracts", (BIN / "lint-imports",)),
    Phase("types", (BIN / "mypy",)),
    Phase("types of set-up", (BIN / "mypy", "scripts/run_tests.py", "scripts/setup")),
)
PAGE: Lane = (_npm("page: types", "typecheck"), _npm("page: lint", "lint"))
UNIT: Lane = (_pytest("unit tests", "tests/unit"), _npm("page: unit tests", "test"))

STACK = ("tests/e2e/test_stack.py", "tests/e2e/test_fire.py")  # they share one
OTHERS = tuple(f"--ignore={file}" for file in ("tests/e2e/test_page.py", *STACK))
# Two lanes that hold calls and not three: calls come near the bounds of their promises when recognition has to share
# with more than one other call. What only computes has the third lane, and what the other two leave of the processors.
TESTS: Together = (
    (_pytest("integration tests", "tests/integration"), _page("calls on the page", "call")),
    (
        _pytest("promises", "tests/promises"),
        _pytest("end to end: calls", "tests/e2e", *OTHERS),
        _pytest("end to end: the stack", *STACK),
        _page("the other pages", "not call"),
    ),
    _giving_way(*PYTHON, *PAGE, *UNIT),
)
PURPOSES: dict[str, Together] = {"check": (PYTHON, PAGE), "all": TESTS}


def run_phase(phase: Phase) -> tuple[Result, str]:
    """Run a phase; gives how it ended and what it said."""
    started = time.monotonic()
    command = [str(part) for part in phase.command]
    if phase.gives_way:
        command = ["sh", "-c", GIVE_WAY, "sh", *command]
    # A file and not a pipe: a process that a test left behind must not keep the run waiting for the pipe's end.
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            command, cwd=phase.cwd, stdout=said, stderr=subprocess.STDOUT, start_new_session=phase.gives_way
        )
        if phase.gives_way:
            GIVING_WAY.append(running)
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        output = said.read().decode(errors="replace")
    took_s = time.monotonic() - started
    return Result(phase, took_s, used.ru_utime + used.ru_stime, running.returncode), output


def run_together(lanes: Together) -> list[Result]:
    """Run lanes side by side, the output of each phase in one piece when it ends."""
    running = [phase.name for lane in lanes for phase in lane]
    print(f"── {', '.join(running)}", flush=True)
    ended = threading.Event()
    threading.Thread(target=_say_still_at_it, args=(running, ended), daemon=True).start()
    printing = threading.Lock()

    def run_lane(lane: Lane) -> list[Result]:
        results = []
        for phase in lane:
            if ended.is_set():
                break
            result, said = run_phase(phase)
            with printing:
                print(said.rstrip())
                how = "passed" if result.passed else f"FAILED, exit code {result.exit_code},"  # -9: killed from outside
                print(f"   {phase.name}: {how} ({result.took_s:.1f} s)", flush=True)
            running.remove(phase.name)
            results.append(result)
        return results

    with ThreadPoolExecutor(max_workers=len(lanes)) as pool:
        try:
            results = [result for lane in pool.map(run_lane, lanes) for result in lane]
        except KeyboardInterrupt:  # which reaches only what is in the terminal's session
            ended.set()
            for process in GIVING_WAY:
                if process.returncode is None:
                    os.killpg(process.pid, signal.SIGINT)
            raise
        finally:
            ended.set()
    return results


def _say_still_at_it(names: list[str], ended: threading.Event) -> None:
    started = time.monotonic()
    while not ended.wait(STILL_AT_IT_S):
        print(f"   … still at {', '.join(names)} after {time.monotonic() - started:.0f} s", flush=True)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        print(f"usage: run_tests.py {'|'.join(PURPOSES)}", file=sys.stderr)
        return 2
    started = time.monotonic()
    results = run_together(PURPOSES[arguments[0]])
    print("\nseconds  of CPU  phase")
    for result in results:
        how = "" if result.passed else "  FAILED"
        print(f"{result.took_s:7.1f} {result.cpu_s:7.1f}  {result.phase.name}{how}")
    print(f"{time.monotonic() - started:7.1f} {sum(result.cpu_s for result in results):7.1f}  in all")
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
