"""`make demo`: ten spoken questions over WebRTC, each answered from the expected articles, asked back, or not known;
the next call remembers.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from tests.support.stack import UP, RunningStack


@pytest.mark.timeout(400)
def test_the_demo_meets_every_expectation(running_stack: RunningStack, tmp_path: Path) -> None:
    env = {**os.environ, "INSTA_DATA_DIR": str(running_stack.data_dir)}
    command = [UP[0], "demo", "--json", "--record", str(tmp_path / "call.wav")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=380, check=False)
    print(done.stderr)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["passed"]
    assert [turn["call"] for turn in report["turns"]] == [1] * 11 + [2]
    # Figures are bench/README.md's business; here they only have to be there.
    assert all(turn["parts_ms"]["first_audio_ms"] > 0 for turn in report["turns"] if turn["said"])
    assert {recording.name for recording in tmp_path.iterdir()} == {"call-1.wav", "call-2.wav"}
