"""`python scripts/run_tests check|all`: the phases of `make check` and `make test`, each with its seconds.

A phase that fails does not stop the later ones: one run tells everything that is wrong. Exit code 1 when any failed.
What runs in real time (calls, pages, parts that come back) leaves the two processors idle for some of it: what only
computes runs beside it and gives way.
"""

import sys
import time

from lanes import run_together
from phases import PURPOSES
from second_hearing import forget, hear_again


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        print(f"usage: run_tests {'|'.join(PURPOSES)}", file=sys.stderr)
        return 2
    lanes = PURPOSES[arguments[0]]
    started = time.monotonic()
    for lane in lanes:
        for phase in lane:
            forget(phase)
    results = run_together(lanes)
    hear_again(results)
    print("\nseconds  of CPU  phase")
    for result in results:
        how = "" if result.passed else "  FAILED"
        print(f"{result.took_s:7.1f} {result.cpu_s:7.1f}  {result.phase.name}{how}")
    print(f"{time.monotonic() - started:7.1f} {sum(result.cpu_s for result in results):7.1f}  in all")
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
