"""The page in a real Chromium against the whole stack: a spoken call heard both ways, every page, every refusal."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.stack import RunningStack

WEB = Path(__file__).parents[2] / "web"


@pytest.mark.timeout(600)
def test_the_browser_tests_pass(running_stack: RunningStack) -> None:
    """web/e2e signs in, speaks, listens, reads, types, hangs up and looks at the earlier call."""
    npm = shutil.which("npm")
    assert npm, "npm is needed for the browser tests"
    env = {**os.environ, "INSTA_E2E_DATA_DIR": str(running_stack.data_dir), "NO_COLOR": "1"}
    command = [npm, "run", "--silent", "e2e"]
    done = subprocess.run(command, cwd=WEB, env=env, capture_output=True, text=True, timeout=590, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-4000:]
