"""deploy/systemd: systemd itself reads the units, and rates what a process that was taken over could still do."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.support.settings import settings_from

from insta_voice.auth.safety import unsafe_reasons
from insta_voice.cli.main import COMMANDS

ROOT = Path(__file__).parents[3]
UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
# systemd's own scale: 0 is sealed, 10 is an ordinary root daemon; it calls 2 and less OK.
MOST_EXPOSURE = 15  # in tenths, as --threshold wants it

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here; on Debian, apt install systemd"
)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as an installation has them, with programs that exist here."""
    program = shutil.which("true")
    assert program
    units = tmp_path / "units"
    shutil.copytree(UNITS, units)
    for service in units.glob("*.service"):
        text = re.sub(r"^(ExecStart=)/\S+", rf"\1{program}", service.read_text(), flags=re.MULTILINE)
        service.write_text(text)
    return units


def analyze(units: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_systemd
def test_systemd_understands_every_unit(installed: Path) -> None:
    names = [str(installed / name) for name in [*SERVICES, "insta-voice.target"]]
    said = analyze(installed, "verify", "--man=no", *names)
    assert (said.returncode, said.stderr) == (0, "")


@needs_systemd
def test_systemd_says_what_it_does_not_understand(installed: Path) -> None:
    unit = installed / SERVICES[0]
    unit.write_text(unit.read_text() + "\n[Service]\nProtectEverything=yes\n")
    assert "ProtectEverything" in analyze(installed, "verify", "--man=no", str(unit)).stderr


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_part_that_was_taken_over_can_do_little(installed: Path, name: str) -> None:
    said = analyze(installed, "security", "--offline=true", f"--threshold={MOST_EXPOSURE}", str(installed / name))
    assert said.returncode == 0, said.stdout


@needs_systemd
def test_without_the_common_drop_in_they_would_be_open(installed: Path) -> None:
    shutil.rmtree(installed / "insta-voice-.service.d")
    unit = str(installed / SERVICES[0])
    assert analyze(installed, "security", "--offline=true", f"--threshold={MOST_EXPOSURE}", unit).returncode != 0


def test_every_part_has_a_unit() -> None:
    started = {re.findall(r"^ExecStart=(.*)$", (UNITS / name).read_text(), re.MULTILINE)[0] for name in SERVICES}
    ours = {line.removeprefix("/opt/insta-voice/.venv/bin/insta-voice ") for line in started if "insta-voice " in line}
    assert {"api", "worker", "jobs", "speech", "db migrate"} == ours
    assert {command.split()[0] for command in ours} <= COMMANDS.keys()


def test_calls_may_end_before_their_worker_is_killed() -> None:
    text = (UNITS / "insta-voice-worker.service").read_text()
    drain_s = int(re.findall(r"VOICE_DRAIN_S=(\d+)$", text, re.MULTILINE)[0])
    (stop_min,) = re.findall(r"^TimeoutStopSec=(\d+)min$", text, re.MULTILINE)
    settings = settings_from({})
    assert settings.limits.call_minutes * 60 <= drain_s < int(stop_min) * 60


def test_what_the_parts_are_given_is_safe_and_complete() -> None:
    lines = (UNITS / "env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    known = (ROOT / ".env.example").read_text()
    assert all(f"\n{variable}=" in known for variable in given.keys() - {"NODE_IP"})
    filled = {variable: value or "filled-in" for variable, value in given.items()}
    credentials = re.findall(
        r"^LoadCredential=(\w+):/etc/insta-voice/(\w+)$", (UNITS / "insta-voice-api.service").read_text(), re.MULTILINE
    )
    assert all(target == source for target, source in credentials)
    secrets = {target.upper(): "s" * 64 for target, _ in credentials}
    assert list(unsafe_reasons(settings_from({**filled, **secrets}))) == []


def test_the_call_server_listens_behind_the_proxy_and_signs_with_the_key_it_is_asked_with() -> None:
    config = yaml.safe_load((UNITS / "livekit.yaml").read_text())
    in_compose = yaml.safe_load((UNITS.parent / "compose" / "livekit.yaml").read_text())
    assert config.pop("bind_addresses") == ["127.0.0.1"]
    assert config["webhook"].pop("urls") == ["http://127.0.0.1:8080/api/livekit/webhook"]
    in_compose["webhook"].pop("urls")
    assert config == in_compose
