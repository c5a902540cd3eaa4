"""deploy/systemd in a real systemd: a clean Debian booted in a container, the units installed as docs/deploy.md says,
against a real Postgres. What the hardening does is looked up in /proc.
"""

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from tests.support.image import ROOT, Image, require_programs
from tests.support.media_server import BROUGHT
from tests.support.poll import eventually
from tests.support.postgres import free_port

from insta_voice.stack.postgres import EmbeddedPostgres, running

UNITS = ROOT / "deploy" / "systemd"
PACKAGES = "systemd,systemd-sysv,dbus,python3,ca-certificates"
PARTS = ("livekit", "speech", "api", "jobs", "worker")
PLACE = "/opt/insta-voice"


@dataclass(frozen=True, slots=True)
class Machine:
    """A booted system. Its network is this machine's."""

    leader: int
    api_port: int

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command on it, as root."""
        inside = ["nsenter", "--target", str(self.leader), "--all", *command]
        return subprocess.run(inside, capture_output=True, text=True, check=check)

    def show(self, unit: str, *properties: str) -> dict[str, str]:
        """What systemd says of a unit."""
        said = self.run("systemctl", "show", unit, *[f"--property={name}" for name in properties]).stdout
        return dict(line.split("=", 1) for line in said.splitlines())

    def processes(self, unit: str) -> list[psutil.Process]:
        """The main process of a unit and what it started, seen from outside."""
        main = int(self.show(unit, "MainPID")["MainPID"])
        inside = {process.pid: process for process in psutil.process_iter() if _pid_inside(process.pid) == main}
        found = [process for process in inside.values() if self.leader in {p.pid for p in process.parents()}]
        return [each for process in found for each in (process, *process.children(recursive=True))]


def _pid_inside(pid: int) -> int | None:
    try:
        numbers = re.findall(r"^NSpid:\s*(.*)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return None
    inside = numbers[0].split()
    return int(inside[-1]) if len(inside) > 1 else None


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    directory = tmp_path_factory.mktemp("postgres") / "data"
    async with running(directory, free_port(), settings={"fsync": "off"}) as postgres:
        yield postgres


def install(root: Path, server: EmbeddedPostgres) -> int:
    """What a person does by docs/deploy.md, with the addresses of this test. Gives the API's port."""
    etc, system = root / "etc/insta-voice", root / "etc/systemd/system"
    shutil.copytree(UNITS, system, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.yaml", "*.example"))
    binary = shutil.which("livekit-server") or str(BROUGHT)
    shutil.copy(binary, root / "usr/local/bin/livekit-server")
    (root / "etc/tmpfiles.d").mkdir(exist_ok=True)
    api, media, speech = free_port(), free_port(), free_port()
    filled = {
        "INSTA_PORT": str(api),
        "LIVEKIT_URL": f"ws://127.0.0.1:{media}",
        "VOICE_SPEECH_URL": f"http://127.0.0.1:{speech}",
        "VOICE_MODELS_DIR": f"{PLACE}/models",
        "NODE_IP": "127.0.0.1",
        "FIREBASE_PROJECT_ID": "acme-support",
        "FIREBASE_WEB_API_KEY": "public",
        "COMPANY_NAME": "Acme",
        "SUPPORT_CONTACT": "help@acme.example",
    }
    lines = (UNITS / "env.example").read_text().splitlines()
    etc.mkdir(mode=0o700)
    (etc / "env").write_text("\n".join(_filled(line, filled) for line in lines))
    config = (UNITS / "livekit.yaml").read_text()
    config = config.replace("port: 7880", f"port: {media}").replace(":8080/", f":{api}/")
    config = config.replace("udp_port: 7882", f"udp_port: {free_port()}").replace("tcp_port: 7881", "tcp_port: 0")
    local = "rtc:\n  enable_loopback_candidate: true\n  ips: {includes: [127.0.0.0/8]}"
    (etc / "livekit.yaml").write_text(config.replace("rtc:", local))
    secret = secrets.token_hex(32)
    (etc / "livekit_api_secret").write_text(secret)
    (etc / "livekit_keys").write_text(f"insta-voice: {secret}")
    (etc / "owner_database_url").write_text(server.admin_url)
    (etc / "database_url").write_text(server.url)
    for file in etc.iterdir():
        file.chmod(0o600)
    return api


def _filled(line: str, values: dict[str, str]) -> str:
    name = line.split("=")[0]
    return f"{name}={values[name]}" if name in values else line


@pytest.fixture(scope="module")
def machine(image: Image, server: EmbeddedPostgres) -> Iterator[Machine]:
    require_programs({"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container", "nsenter": "util-linux"})
    with tempfile.TemporaryDirectory(prefix="insta-voice-machine-") as folder:
        root = Path(folder) / "root"
        made = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(root)]
        subprocess.run(made, check=True, capture_output=True)
        api_port = install(root, server)
        # The checkout after set-up is the image's /app: the same packages, models and page.
        binds = [f"--bind-ro={image.root}/app:{place}" for place in (PLACE, "/app")]
        nspawn = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe", "--boot"]
        with (Path(folder) / "console").open("w") as console:
            outside = subprocess.Popen(
                [*nspawn, f"--directory={root}", *binds], stdin=subprocess.DEVNULL, stdout=console, stderr=console
            )
        try:
            leader = eventually(
                lambda: [child.pid for child in psutil.Process(outside.pid).children()], within_s=20, what="it boots"
            )[0]
            booted = Machine(leader, api_port)
            eventually(
                lambda: (
                    booted.run("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded")
                ),
                within_s=60,
                what="the system is up",
            )
            yield booted
        finally:
            outside.terminate()
            outside.wait(60)


@pytest.fixture(scope="module")
def started(machine: Machine) -> Machine:
    """Everything enabled and started, as docs/deploy.md says; fails with the journal."""
    units = [f"insta-voice-{name}.service" for name in ("migrate", *PARTS)]
    done = machine.run("systemctl", "enable", "--now", "insta-voice.target", *units, check=False)
    journal = machine.run("journalctl", "--no-pager", "--lines=80", "--output=cat").stdout
    assert done.returncode == 0, f"{done.stderr}\n{journal}"
    return machine


def test_every_unit_says_that_it_is_ready(started: Machine) -> None:
    for name in PARTS:
        said = started.show(f"insta-voice-{name}.service", "ActiveState", "SubState", "NRestarts")
        assert said == {"ActiveState": "active", "SubState": "running", "NRestarts": "0"}, name
    assert started.show("insta-voice-migrate.service", "Result")["Result"] == "success"


def test_a_call_made_now_would_be_answered(started: Machine) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{started.api_port}", trust_env=False) as http:
        eventually(lambda: http.get("/readyz").status_code == 200, within_s=30, what="everything is ready")
        assert http.post("/api/token").status_code == 401


@pytest.mark.parametrize("name", PARTS)
def test_a_part_has_no_more_rights_than_it_needs(started: Machine, name: str) -> None:
    processes = started.processes(f"insta-voice-{name}.service")
    assert processes
    for process in processes:
        status = dict(re.findall(r"^(\w+):\s*(.*)$", Path(f"/proc/{process.pid}/status").read_text(), re.MULTILINE))
        assert "0" not in status["Uid"].split()
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
        inside = Path(f"/proc/{process.pid}/root")
        mounts = (inside.parent / "mounts").read_text()
        assert re.search(r"^\S+ / \S+ ro\b", mounts, re.MULTILINE), "the root is read-only"
        assert os.listdir(inside / "etc/insta-voice") == []


def test_no_secret_stands_in_an_environment(started: Machine) -> None:
    for name in PARTS:
        for process in started.processes(f"insta-voice-{name}.service"):
            variables = Path(f"/proc/{process.pid}/environ").read_text().split("\0")
            telling = {each.split("=")[0] for each in variables if re.search(r"postgresql://|=[0-9a-f]{64}$", each)}
            # LiveKit's library hands the key to the processes that hold calls in this way; nobody else can look.
            assert telling <= ({"LIVEKIT_API_SECRET"} if name == "worker" else set()), name


def test_stopping_the_target_stops_everything_well(started: Machine) -> None:
    started.run("systemctl", "stop", "insta-voice.target")
    for name in PARTS:
        unit = f"insta-voice-{name}.service"
        eventually(
            lambda unit=unit: started.show(unit, "ActiveState")["ActiveState"] not in ("active", "deactivating"),
            within_s=30,
            what=f"{name} has ended",
        )
        assert started.show(unit, "ActiveState", "Result") == {"ActiveState": "inactive", "Result": "success"}, name
