"""`python3 scripts/setup run|test`: brings everything that is missing, the slow parts side by side.

Runs before there is any environment, so it uses the standard library only. This file also has to be readable by an
older Python, which it hands over to a suitable one or answers with a sentence.
"""

import os
import shutil
import sys

SUITABLE = ((3, 11), (3, 12), (3, 13))


def main():  # type: ignore[no-untyped-def]  # an older Python has to read this line
    if sys.version_info[:2] not in SUITABLE:
        for major, minor in SUITABLE:
            found = shutil.which("python%d.%d" % (major, minor))  # noqa: UP031
            if found:
                os.execv(found, [found, *sys.argv])  # noqa: S606  (there is no shell wanted here)
        sys.exit(
            "Python 3.11, 3.12 or 3.13 is needed and %s is Python %d.%d. Install one, for example with "  # noqa: UP031
            "`apt install python3.11 python3.11-venv` or `brew install python@3.12`, and run this again."
            % (sys.executable, *sys.version_info[:2])
        )
    from setup_run import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[no-untyped-call]
