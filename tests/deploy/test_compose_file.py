"""deploy/compose.yaml as Docker's own library reads it (compose-go, what `docker compose config` is made of)."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.support.image import ROOT

READER = Path(__file__).parent / "compose_config"
VALUES = {"INSTA_DOMAIN": "help.acme.example", "PUBLIC_IP": "192.0.2.7"}


@pytest.fixture(scope="module")
def compose_go(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A program of a few lines around it, built once a run; Go keeps what it compiled."""
    if not shutil.which("go"):
        pytest.fail("Go is needed to build the reader of compose files: see docs/stack.md.", pytrace=False)
    program = tmp_path_factory.mktemp("compose-go") / "compose-config"
    subprocess.run(["go", "build", "-o", program, "."], cwd=READER, check=True, capture_output=True)
    return str(program)


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    """A copy with an empty .env, as compose wants it there."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy", ignore=shutil.ignore_patterns("secrets", ".env", "backups"))
    (tmp_path / "deploy" / ".env").touch()
    return tmp_path / "deploy"


def read(compose_go: str, deploy: Path, **values: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [compose_go],
        cwd=deploy,
        env={"PATH": os.environ["PATH"], **values},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_a_compose_file(compose_go: str, deploy: Path) -> None:
    said = read(compose_go, deploy, **VALUES)
    assert said.returncode == 0, said.stderr
    model: dict[str, Any] = json.loads(said.stdout)
    services = model["services"]
    assert set(services) >= {"proxy", "livekit", "postgres", "migrate", "speech", "api", "worker", "jobs"}
    # Merged and filled in as compose does it, not as YAML does.
    assert services["api"]["environment"]["INSTA_PUBLIC_URL"] == "https://help.acme.example"
    assert services["speech"]["environment"]["VOICE_SPEECH_URL"] == "http://0.0.0.0:8090"
    assert "--node-ip=192.0.2.7" in services["livekit"]["command"]
    assert services["worker"]["depends_on"]["speech"]["condition"] == "service_healthy"
    assert services["worker"]["stop_grace_period"] == "31m0s"


@pytest.mark.parametrize("forgotten", VALUES)
def test_a_forgotten_value_is_said(compose_go: str, deploy: Path, forgotten: str) -> None:
    said = read(compose_go, deploy, **{name: value for name, value in VALUES.items() if name != forgotten})
    assert said.returncode != 0
    assert f"Set {forgotten} in deploy/.env" in said.stderr


def test_a_word_it_does_not_know_is_refused(compose_go: str, deploy: Path) -> None:
    file = deploy / "compose.yaml"
    file.write_text(file.read_text().replace("read_only: true", "reed_only: true"))
    said = read(compose_go, deploy, **VALUES)
    assert said.returncode != 0
    assert "reed_only" in said.stderr
