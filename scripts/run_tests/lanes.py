"""Runs phases: one after the other in a lane, lanes side by side, each phase's output in one piece when it ends."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from phases import Lane, Phase, Together

STILL_AT_IT_S = 60.0
# A tenth of a share: enough that tests with a time limit of their own keep it. Linux shares the processors out by
# session first (autogroup), so that what gives way has a session of its own and is nice as a whole.
GIVE_WAY = '(echo 10 > /proc/self/autogroup) 2>/dev/null; exec nice -n 10 "$@"'
GIVING_WAY: list[subprocess.Popen[bytes]] = []


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
