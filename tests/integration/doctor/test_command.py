"""`insta-voice doctor` as it is typed on a new machine: it starts the embedded database itself and leaves nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
from tests.support.stack import PREFIXES

DOCTOR = (str(Path(sys.executable).parent / "insta-voice"), "doctor", "--json")


def test_on_a_new_machine_nothing_is_broken_and_nothing_is_left(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    ended = subprocess.run(
        DOCTOR,
        env={**clean, "INSTA_DATA_DIR": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = json.loads(ended.stdout)
    assert found["ok"] is True
    sentences = [finding["sentence"] for finding in found["findings"]]
    assert "The login may become insta_app and insta_jobs." in sentences
    assert "insta-voice up is not running here, so nobody can call." in sentences
    assert f"The speech models are here: {DOCTOR[0]} up starts the speech server." in sentences
    assert f"Start it: {DOCTOR[0]} up" in [finding["mend"] for finding in found["findings"]]  # as it was called
    assert all(finding["mend"] for finding in found["findings"] if finding["level"] != "ok")
    left = [process for process in psutil.process_iter(["cmdline"]) if str(tmp_path) in str(process.info["cmdline"])]
    assert left == []
