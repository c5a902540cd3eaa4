"""The browser tests of the page (`web/e2e`), run as `npm run e2e` runs them."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.support.stack import UP, RunningStack

E2E: Final = Path(__file__).parents[2] / "web" / "e2e"
# The longest waits through real calls and brings each fault about: 225 s, and 415 s with everything beside it.
SPEC_WITHIN_S: Final = 900


def run_spec(stack: RunningStack, spec: str, **environment: str) -> None:
    """Run one of its files against a running stack; AssertionError with what it said when a test in it fails."""
    npm = shutil.which("npm")
    assert npm, "npm is needed for the browser tests"
    env = {**os.environ, "INSTA_E2E_DATA_DIR": str(stack.data_dir), "NO_COLOR": "1", **environment}
    command = [npm, "run", "--silent", "e2e", "--", str(E2E / spec)]
    done = subprocess.run(
        command, cwd=E2E.parent, env=env, capture_output=True, text=True, timeout=SPEC_WITHIN_S, check=False
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-4000:] + _the_last_call(stack)


def _the_last_call(stack: RunningStack) -> str:
    """Its record, for whoever reads what failed, and the end of the log."""

    def insta_voice(*command: str) -> str:
        env = {**os.environ, "INSTA_DATA_DIR": str(stack.data_dir)}
        return subprocess.run([UP[0], *command], env=env, capture_output=True, text=True, check=False).stdout

    call_id, *_ = [*insta_voice("calls", "list").split(), ""]
    return f"\n{insta_voice('calls', 'show', call_id) if call_id else 'No call.'}\n{stack.tail()}"
