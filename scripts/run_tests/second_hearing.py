"""After a run that failed: its few failed tests in real time once more, alone, on a machine that is quiet by then.

The run has failed all the same. This tells whoever reads it where to begin: what fails alone too is broken; what passes
alone met two full processors, in the test or in the product.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace

from lanes import Result, run_phase
from phases import Phase

AT_MOST = 3  # minutes of real time each; more have one cause, and their own words for it


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


def hear_again(results: Sequence[Result]) -> None:
    """Print what became of them alone."""
    failed = {result.phase: failed_tests(result.phase) for result in results if not result.passed}
    if sum(map(len, failed.values())) > AT_MOST:
        return
    for phase, tests in failed.items():
        if tests:
            command = (*phase.command, "--last-failed", "--last-failed-no-failures=none")
            alone, said = run_phase(replace(phase, command=command))
            how = "passed alone, and failed beside the others" if alone.passed else "failed alone too"
            print(f"── {', '.join(tests)}\n{said.rstrip()}\n   {how} ({alone.took_s:.1f} s)", flush=True)
