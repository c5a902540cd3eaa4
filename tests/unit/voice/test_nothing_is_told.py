"""The runtime of the models keeps to itself what it does: no id for this machine, nothing kept to be sent."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOAD_A_MODEL = "import insta_voice\nfrom livekit.plugins import silero\nsilero.VAD.load()"
# onnxruntime is silent by itself where these are set: the test would prove nothing.
ON_BUILD_MACHINES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TF_BUILD", "ORT_RUNNING_UNIT_TESTS")


@pytest.mark.parametrize("told", [False, True])
def test_a_model_that_is_loaded_writes_nothing_to_be_sent(tmp_path: Path, told: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ON_BUILD_MACHINES}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    if told:  # what is set already stays as it is; and this test sees what it looks for
        environment["ORT_DISABLE_TELEMETRY"] = "0"
    subprocess.run([sys.executable, "-c", LOAD_A_MODEL], env=environment, check=True, timeout=100)
    assert bool([*tmp_path.rglob("onnxruntime.db*"), *tmp_path.rglob("deviceid")]) == told
