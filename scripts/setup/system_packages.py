"""What the tests need from the operating system: a browser and a connection pooler."""

import os
import shutil

from graph import StepFailedError
from tools import run

# program → Debian package
PROGRAMS = {"chromium": "chromium", "pgbouncer": "pgbouncer"}
# Debian puts daemons where an ordinary user's PATH does not look.
DAEMONS = "/usr/sbin:/sbin"


def bring_system_packages() -> str | None:
    missing = [package for program, package in PROGRAMS.items() if not _found(program)]
    if not missing:
        return None
    command = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    mend = (
        f"The tests need {' and '.join(missing)}. Install them, for example with `{command}` as root, "
        "and run this again."
    )
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StepFailedError(mend)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], env=quiet, mend=mend)
    run(command.split(), env=quiet, mend=mend)
    return f"{', '.join(missing)} installed"


def _found(program: str) -> bool:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:{DAEMONS}") is not None
