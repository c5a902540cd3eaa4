"""A second hearing for the few tests that failed beside everything else: alone, on a machine that is quiet by then.

What speaks in real time is misheard now and then when two processors are full: the sound itself has gaps. A test that
passes alone does not fail the run; that it failed is printed with all it said, and listed at the end, as something to
look into. More than a few failures are no chance, and are not heard again; neither is a test that only computes.
"""

import json
import shutil
from dataclasses import replace

from lanes import Result, run_phase
from phases import Phase

AT_MOST = 3  # of some 1,200 tests in real time; what is broken fails more, or fails again


def forget(phase: Phase) -> None:
    """What an earlier run wrote down is not this one's."""
    if phase.cache:
        shutil.rmtree(phase.cache, ignore_errors=True)


def failed_tests(phase: Phase) -> list[str]:
    """The ids of the tests of the phase that failed or whose set-up or end did."""
    if phase.cache is None:
        return []
    try:
        return sorted(json.loads((phase.cache / "v" / "cache" / "lastfailed").read_text()))
    except FileNotFoundError:  # it did not get as far as its tests
        return []


def hear_again(results: list[Result]) -> tuple[list[Result], list[str]]:
    """The results with those that passed alone put in their place, and the tests these are."""
    heard = {result.phase: failed_tests(result.phase) for result in results if not result.passed}
    if not 0 < sum(map(len, heard.values())) <= AT_MOST:
        return results, []
    passed_alone: list[str] = []
    settled = []
    for result in results:
        tests = heard.get(result.phase)
        if tests:
            print(f"── alone: {', '.join(tests)}", flush=True)
            command = (*result.phase.command, "--last-failed", "--last-failed-no-failures=none")
            again, said = run_phase(replace(result.phase, command=command))
            print(said.rstrip(), flush=True)
            if again.passed:
                passed_alone += tests
            result = replace(
                again, phase=result.phase, took_s=result.took_s + again.took_s, cpu_s=result.cpu_s + again.cpu_s
            )
        settled.append(result)
    return settled, passed_alone
