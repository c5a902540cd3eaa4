"""Doctor beside a running installation: it sees every part at work, and joining a room disturbs nobody."""

import json
import os
import subprocess
from pathlib import Path

from tests.integration.doctor.test_command import DOCTOR
from tests.support.poll import eventually
from tests.support.stack import PREFIXES, RunningStack

AT_WORK = (
    "The agent answers calls: 0 of 4 places are taken (workers: 1).",
    "A job worker writes summaries and delivers tickets.",
    "The speech server is ready.",
    "LiveKit answers, and takes our keys.",
    "Sound gets through to LiveKit from here, over UDP.",
    "This machine's clock and the database's agree.",
)


def test_every_part_of_a_running_installation_is_seen(running_stack: RunningStack, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}

    def all_at_work() -> list[str]:
        ended = subprocess.run(
            DOCTOR,
            env={**clean, "INSTA_DATA_DIR": str(running_stack.data_dir)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        said = [finding["sentence"] for finding in json.loads(ended.stdout)["findings"]]
        return said if all(sentence in said for sentence in AT_WORK) else []

    # Another test's call may still be on its way out of the worker.
    said = eventually(all_at_work, within_s=60, what="every part at work")
    assert f"The page is for this machine: {running_stack.up['url']}" in said
